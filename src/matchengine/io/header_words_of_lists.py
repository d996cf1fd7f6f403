"""Words by which headers of lists say what they mean: gatherings, resources, ties, feedback; see `header_words`."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.io.targets import Reads

__all__ = ["CLUES"]

_GROUPS = """
BOOKKEEPING: timestamp | submitted at/on | remarks | notes
title: name of … group | group name | group s name | what … group called | titel | nombre del grupo | nom du groupe
title!: contact | organiser | leader
description: describe | description | about … group | what … do
past_work: past/previous/earlier work/activity/activities/projects | done before/previously | did … before
past_work: bisherige*/frühere* arbeit/aktivität*/projekte | actividades/trabajos anteriores
past_work: activités/travaux passées/antérieures/antérieurs | atividades anteriores
topics: topics | what … about | themes | themen | subjects
kind: kind/type of group
languages: language* | sprachen | idiomas | langues
schedule.slots: meeting time* | when … meet | day and time | days and times | meets | treffen
modes: online or | in person | how … meet | format
place.country: country
place.area: town | city | where … meet | location
place.area!: address | street | postcode
venue_type: venue
cost: cost | price | fee
size_now: how many members | how many people | number of members | people now | members now
size_max: maximum … members | how many … at most | people at most | max … size
contacts: contact … email/e | greeter* | organiser … email | host … email
step_free: step free | wheelchair
beginner_friendly: beginner* | newcomer* welcome
childcare: childcare
family_friendly: famil*
"""
_RELATIONSHIPS = """
BOOKKEEPING: timestamp | remarks | notes | connection name
person_id: mentee … email/id/e/number/address | mentee mail | mentee s | who is … mentee
person_id: student/learner/protégé email/id/e | mentee username
other_id: mentor … email/id/e/number/address | mentor mail | mentor s | who is … mentor | coach email/id/e
started: start* | since | began | beginn* | matched on | date of match
ends: end* | until | finish* | ended on
status: status | state
kind: kind of tie | type of relationship
cadence: how often
"""
_EVENTS = """
BOOKKEEPING: timestamp | submitted at/on | remarks | notes
title: name of … event | event name | event title | what … event called | titel | nombre del evento | nom de l événement
title: título | titre | titolo | veranstaltung
title!: contact | organiser | leader
description: describe | description | about … event | what … happens | beschreibung | descripción
past_work: past/previous/earlier event/events/edition/editions/work | frühere*/vergangene* veranstaltung*
past_work: eventos/ediciones anteriores | événements/éditions passés/précédents/précédentes | edições anteriores
topics: topics | what … about | themes | themen | temas | thèmes | subjects
kind: kind/type of event | event type | format of … event | art der veranstaltung | tipo de evento
start: start* | when … event | date and time | date of … event | event date | beginn* | datum | fecha | date | data
start!: end* | ends
duration_minutes: duration | how long | minutes | dauer | duración | durée | duração
languages: language* | sprachen | idiomas | langues | línguas
schedule.slots: repeats | every week | recurring | regelmäßig | se repite
modes: online or | in person | how … take part | präsenz | presencial
place.country: country | land | país | pays
place.area: town | city | where … take place | location | stadt | ciudad | ville | ort
place.area!: address | street | postcode
venue_type: venue
cost: cost | price | fee | ticket* | eintritt | precio | prix
capacity: capacity | places | how many … come | maximum … people | plätze | plazas | places in all
capacity!: so far | signed up | registered
size_now: signed up | registered | people coming | angemeldet | inscritos | inscrits
contacts: contact … email/e | greeter* | organiser … email | host … email
pair_invitation: pairs | mentor and mentee together | tandems | as a pair
step_free: step free | wheelchair | barrierefrei | accesible
beginner_friendly: beginner* | newcomer* welcome
childcare: childcare | kinderbetreuung | guardería
family_friendly: famil*
"""
_PROJECTS = """
BOOKKEEPING: timestamp | submitted at/on | remarks | notes
title: name of … project | project name | project title | titel | título | titre | nombre del proyecto
title!: contact | organiser | leader
description: describe | description | about … project | what … make | beschreibung | descripción
past_work: past/previous/earlier work/results/versions | done so far/before | bisherige* arbeit/ergebnisse
past_work: trabajo previo | resultados anteriores | travaux antérieurs | trabalho anterior
topics: topics | themes | themen | temas | thèmes
roles: roles | who … needed | looking for | needed | needs | gesucht | se busca | recherche* | rollen
phase: phase | status | stage
starts: start* | begin* | beginn | inicio | début
ends: end* | finish* | until | ende | fin
starts!: end*
languages: language* | sprachen | idiomas | langues
modes: online or | in person | how … work together
place.country: country | land | país | pays
place.area: town | city | location | stadt | ciudad | ville
place.area!: address | street | postcode
size_min: fewest | at least | minimum
size_max: most | at most | maximum
led_by: led by | leader | lead … email | who … leads | leitung | responsable
"""
_RESOURCES = """
BOOKKEEPING: timestamp | submitted at/on | remarks | notes | url | link | website | telephone | phone
title: name of … resource | resource name | title | titel | título | titre
type: type | kind/type of resource | category | art | tipo
topics: topics | what … about | themes | themen | temas | thèmes | subjects
description: describe | description | beschreibung | descripción
languages: language* | sprachen | idiomas | langues
country: country | land | país | pays
cost: cost | price | fee | kosten | precio | prix
level: level | niveau | nivel
fresh_on: checked on | last checked | last updated | geprüft | revisado
"""
_ORGANISATIONS = """
BOOKKEEPING: timestamp | submitted at/on | remarks | notes | url | link | website | telephone | phone
BOOKKEEPING: contact person | e mail | email
title: name of … organisation/organization | organisation/organization name | name | titel | nombre | nom
title!: contact | person | leader
kind: kind/type of organisation/organization | type | art | tipo
topics: topics | what … for | themes | themen | temas | thèmes | subjects
description: describe | description | beschreibung | descripción
past_work: past/previous/earlier/completed work/project/projects/programmes/programs/campaigns
past_work: track record | done before/previously | did … before | bisherige*/frühere* arbeit/projekt*
past_work: proyectos/trabajos anteriores/realizados | projets/travaux passés/précédents/réalisés
past_work: projetos/trabalhos anteriores/realizados
languages: language* | sprachen | idiomas | langues
modes: online or | in person | how … get in touch
place.country: country | land | país | pays
place.area: town | city | location | stadt | ciudad | ville
place.area!: address | street | postcode
cost: cost | price | fee | kosten | precio | prix
partners: partner* | works/work with | together with
reached_by: how … reach | front desk | opening hours
reached_by!: email | mail | person
fresh_on: checked on | last checked | last updated | geprüft | revisado
"""
_FEEDBACK = """
BOOKKEEPING: timestamp | remarks | notes
about_id: about … id/number/match/group | which match/group | match id | group id
wave: wave | round | when … asked | survey round
perspective: perspective | who … answer* | answering as | as mentor or mentee
person_id: your email/id/e/number | member number | respondent
anonymous: anonym*
items.satisfaction: satisf* | how content | zufrieden* | satisfacción
items.helpfulness: helpful* | how much … help | hilfreich
items.trust: trust | vertrau* | confianza | confiance
items.goal_progress: progress | closer to … goal* | fortschritt
items.felt_safe: felt safe | feel safe | sicher gefühlt
items.not_for_me: not for me | nichts für mich
items.felt_unsafe: unsafe | unsicher
items.felt_competitive: competit* | compared | wettbewerb
items.felt_safe!: unsafe
given_at: submitted at/on | answered on | date of … answer
"""
CLUES: Mapping[Reads, str] = {
    "groups": _GROUPS,
    "events": _EVENTS,
    "resources": _RESOURCES,
    "projects": _PROJECTS,
    "organisations": _ORGANISATIONS,
    "relationships": _RELATIONSHIPS,
    "feedback": _FEEDBACK,
}
"""The clues of each kind of list; those of people stand in `header_words`."""

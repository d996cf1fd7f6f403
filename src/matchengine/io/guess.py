"""Guesses what a header means from a closed table of whole headers; never from a part of one.

Every guess is listed in the report for confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from matchengine.errors import nearest
from matchengine.io.fields import TABLES, Reads, find_target
from matchengine.io.words import normalise

__all__ = ["guess_role", "guess_target", "nearest_target", "speaks_of_mentoring"]

_PEOPLE = """
id: id | person id | member id | member number | member no | participant id | employee id | staff id
id: student id | 学号 | 编号
contact.name: name | full name | your name | your full name | participant name | nombre | nombre completo
contact.name: nombre y apellidos | vollständiger name | nom complet | nom et prénom | nome | nome completo
contact.name: 姓名 | 中文姓名 | 名前 | 氏名 | الاسم | الاسم الكامل | ім'я | повне ім'я | ad soyad
contact.name: ime i prezime | imię i nazwisko
contact.first_name: first name | firstname | given name | forename | vorname | prénom | primeiro nome | 名
contact.first_name: ad | nombre de pila
contact.last_name: last name | lastname | surname | family name | nachname | familienname | apellido
contact.last_name: apellidos | nom de famille | sobrenome | apelido | 姓 | soyad | прізвище
contact.email: email | e mail | email address | e mail address | your email | your email address | mail
contact.email: work email | e-posta | e mail adresse | emailadresse | correo | correo electrónico
contact.email: dirección de correo electrónico | courriel | adresse e mail | adresse électronique
contact.email: endereço de e mail | 邮箱 | 电子邮件 | 电子邮箱 | メールアドレス | البريد الإلكتروني
contact.email: електронна пошта | eposta | e posta adresi
contact.phone: phone | phone number | telephone | mobile | mobile number | telefon | telefonnummer | teléfono
contact.phone: téléphone | telefone | 电话 | 手机
roles: role | roles | mentor or mentee | are you a mentor or a mentee
roles: would you like to be a mentor or a mentee | rolle | rol | rôle | papel | mentoring type
roles: participant type | 角色 | роль
capacity.mentor: capacity | mentor capacity | number of mentees | how many mentees
capacity.mentor: how many mentees would you like | places | maximum mentees | max mentees
capacity.mentor: maximum number of mentees | how many students would you like to mentor | 学生容量
capacity.mentor: anzahl mentees | kapazität | capacidad | capacité | capacidade
goals: goal | goals | my goals | your goals | what are your goals | mentoring goals | ziele | ziel | objetivos
goals: objetivo | objectifs | objectif | 目标 | цілі | hedefler | الأهداف
goals: what do you want to achieve
offers: offer | offers | i can offer | what can you offer | skills | your skills | my skills | expertise
offers: areas of expertise | skills offered | can help with | can teach | fähigkeiten | kompetenzen
offers: habilidades | competencias | compétences | competências | 技能 | 专长 | навички | beceriler | المهارات
offers: characteristics
wants: wants | want | skills wanted | what do you want to learn | what would you like to learn
wants: i want to learn | skills to learn | wants to learn | need help with | lernziele | quiero aprender
wants: je veux apprendre | 想学 | what would you most like to learn
past_work: previous work | past projects | previous projects | earlier projects | completed projects
past_work: projects you have worked on | publications | your publications | my publications | papers written
past_work: what have you done before | bisherige projekte | frühere projekte | bisherige arbeiten | publikationen
past_work: veröffentlichungen | proyectos anteriores | trabajos anteriores | publicaciones | projets précédents
past_work: projets passés | travaux antérieurs | projetos anteriores | trabalhos anteriores | publicações
past_work: 过往项目 | 以往项目 | попередні проєкти | önceki projeler | المشاريع السابقة
interests: interest | interests | hobbies | hobby | your interests | interessen | intereses | intérêts
interests: interesses | 兴趣 | інтереси | ilgi alanları | الاهتمامات
values: values | your values | werte | valores | valeurs
mentoring_focus: mentoring focus | focus | help mentee with | who would you most like to mentor
mentoring_focus: who would you like to mentor
hopes_to_gain: hopes to gain | what do you hope to gain | what do you hope to gain from this programme
hopes_to_gain: expectations | mentor expectation | what are you looking for from this program
career_stage: career stage | stage | seniority | seniority level | grade | career level
experience: experience | years of experience | years experience | berufserfahrung | años de experiencia
languages: language | languages | languages spoken | which languages do you speak | sprachen | sprache
languages: idiomas | langues | línguas | 语言 | мови | diller | اللغات
availability: availability | available times | when are you available | when are you free | verfügbarkeit
availability: when are you usually free | when are you usually available
availability: disponibilidad | disponibilité | disponibilités | disponibilidade | 可用时间
time_zone: time zone | timezone | your time zone | zeitzone | zona horaria | fuseau horaire | fuso horário
time_zone: 时区
text_language: text language | language of answers
modes: mode | modes | meeting mode | preferred meeting type | meeting preference | how do you want to meet
place.country: country | land | país | pays | 国家 | країна | ülke
place.area: area | town | city | stadt | ciudad | ville | cidade | 城市 | місто | şehir
place.region: region code
place.geohash: geohash
line_manager: line manager | line manager email | line manager e mail | manager email | manager id
line_manager: line manager id
relationships.mentor: mentor email | present mentor | current mentor | current mentor email | existing mentor
boundaries.person: must not meet | do not match with
adult: adult | are you 18 or over | i am 18 or over | over 18 | are you 18 or older | i am 18 or older
adult: i confirm that i am 18 or older | i confirm that i am 18 or over | i confirm i am 18 or older | 18 or older
pronouns: pronouns | your pronouns | pronomen | pronombres | pronoms
age_band: age | age band | age group | alter | edad | âge | idade
attributes.gender: gender | geschlecht | género | genre | gênero
attributes.gender_identity: gender identity | your gender identity
attributes.ethnicity: ethnicity | ethnic group | race
attributes.orientation: sexual orientation
attributes.religion: religion | religion or belief
attributes.disability: disability | do you have a disability
lived_experience: lived experience | lived experiences
barriers: barriers
wishes: wishes
opportunities: opportunities | target opportunities
influence: influence | i can open doors | where can you open doors
sponsoring: sponsoring | willing to sponsor
time_balance: time balance | hours balance
anchors: anchors | communities | where do you feel at home
"""
_GROUPS = """
id: id | group id
title: title | name | group name | group | name of group | titel | nombre | nom | nome
kind: kind | type | group type | category | art
topics: topics | topic | themes | themen | temas | thèmes
description: description | about | beschreibung | descripción
past_work: previous work | past activities | previous activities | bisherige aktivitäten | actividades anteriores
languages: language | languages | sprachen | idiomas | langues
schedule.slots: schedule | meeting times | meets | when | when do you meet | termin | horario
time_zone: time zone | timezone
modes: mode | modes | meeting mode
place.country: country | land
place.area: area | town | city | stadt
venue_type: venue | venue type
cost: cost | price | fee | kosten
size_now: members | size | size now | number of members
size_max: max size | maximum size
size_min: min size | minimum size
contacts: contacts | contact email | greeter | greeters
safety.facilitator_type: facilitator
"""
_EVENTS = """
id: id | event id | event no | event number
title: title | name | event | event name | name of event | titel | nombre | nom | nome | título
kind: kind | type | event type | category | art | tipo
topics: topics | topic | themes | themen | temas | thèmes
description: description | about | beschreibung | descripción
past_work: past events | previous events | earlier events | previous editions | frühere veranstaltungen
start: start | starts | date | when | date and time | datum | beginn | fecha | date et heure | data
duration_minutes: duration | minutes | dauer | duración | durée | duração
languages: language | languages | sprachen | idiomas | langues
time_zone: time zone | timezone | zeitzone | zona horaria
modes: mode | modes
place.country: country | land | país | pays
place.area: area | town | city | stadt | ciudad | ville
venue_type: venue | venue type
cost: cost | price | fee | kosten | precio | prix
capacity: capacity | places | max | plätze | plazas
size_now: signed up | registered | coming | angemeldet
contacts: contacts | contact email | greeter | greeters
pair_invitation: for pairs | pairs together
"""
_PROJECTS = """
id: id | project id | project no
title: title | name | project | project name | titel | nombre | nom | título
topics: topics | topic | themes
description: description | about | beschreibung
past_work: previous work | past work of the project | earlier results | bisherige ergebnisse | resultados anteriores
roles: roles | roles needed | looking for | gesucht | se busca
phase: phase | status
starts: starts | start | start date | from | beginn
ends: ends | end | end date | until | ende
languages: language | languages | sprachen | idiomas
time_zone: time zone | timezone
place.country: country | land
place.area: area | town | city | stadt
size_min: min size | minimum size
size_max: max size | maximum size
led_by: led by | leader | leader email
"""
_RESOURCES = """
id: id | resource id | resource no
type: type | kind | category | art | tipo
title: title | name | resource | titel | nombre | nom | título
topics: topics | topic | themes | themen | temas
description: description | about | beschreibung
languages: language | languages | sprachen | idiomas | langues
country: country | land | país | pays
cost: cost | price | kosten | precio
level: level | niveau | nivel
fresh_on: checked on | last checked
"""
_ORGANISATIONS = """
id: id | organisation id | organisation no | organization id
title: title | name | organisation | organization | name of organisation | titel | nombre | nom | nome
kind: kind | type | category | art | tipo
topics: topics | topic | themes | themen | temas
description: description | about | beschreibung
past_work: previous work | past projects | previous projects | earlier projects | bisherige projekte
past_work: frühere projekte | proyectos anteriores | projets précédents | projetos anteriores
languages: language | languages | sprachen | idiomas | langues
modes: mode | modes
place.country: country | land | país | pays
place.area: area | town | city | stadt | ciudad | ville
cost: cost | price | kosten | precio
safety.items: safety | safety measures
partners: partners | works with | partner organisations
reached_by: how to reach | how to reach it | opening hours
fresh_on: checked on | last checked
"""
_FEEDBACK = """
about_id: about | about id | match | match id | group | group id
wave: wave | round
perspective: perspective | role | answering as
person_id: person | person id | member number | email | e mail | your email
anonymous: anonymous
items.satisfaction: satisfaction | satisfied | zufriedenheit
items.helpfulness: helpfulness | helpful
items.trust: trust | vertrauen | confianza | confiance
items.goal_progress: progress | goal progress | fortschritt
items.felt_safe: felt safe
items.not_for_me: not for me
items.felt_unsafe: felt unsafe
items.felt_competitive: felt competitive
given_at: timestamp | given at | date
"""
_RELATIONSHIPS = """
person_id: requester id | requester email
other_id: candidate id | candidate email
person_id: person | person id | mentee | mentee id | mentee email | mentee email address
person_id: mentee e mail address
other_id: other | other id | mentor | mentor id | mentor email | mentor email address | mentor e mail address
kind: kind | type | relationship
status: status
started: started | start | start date | from
ends: ends | end | end date | until
goals: goals
decided_by: decided by
decided_on: decided on | decision date
"""
_HEADERS: Mapping[Reads, str] = {
    "people": _PEOPLE,
    "groups": _GROUPS,
    "events": _EVENTS,
    "resources": _RESOURCES,
    "projects": _PROJECTS,
    "organisations": _ORGANISATIONS,
    "relationships": _RELATIONSHIPS,
    "feedback": _FEEDBACK,
}
_MENTORING_HEADERS = ("mentee", "mentor")


@cache
def _aliases(reads: Reads) -> dict[str, str]:
    lines = _HEADERS[reads].strip().splitlines()
    table = {normalise(name): name for name, target in TABLES[reads].items() if target.kind != "record"}
    for line in lines:
        name, _, headers = line.partition(":")
        if find_target(name, reads):
            table.update({normalise(header): name for header in headers.split("|")})
    return table


def guess_target(header: str, reads: Reads) -> str | None:
    """Return what a header means if it is in the table, after normalising; else None."""
    return _aliases(reads).get(normalise(header))


def nearest_target(header: str, reads: Reads) -> str | None:
    """Return the target whose known header is spelled most like this one, as a hint only."""
    aliases = _aliases(reads)
    found = nearest(normalise(header)[:80], aliases, 0.75)
    return aliases[found] if found else None


def guess_role(file_name: str) -> str | None:
    """Return the role that a whole word of a file name states: `mentors_2024.csv` → `mentor`."""
    words = {word.removesuffix("s") for word in normalise(file_name).split()}
    found = [role for role in ("mentor", "mentee") if role in words]
    return found[0] if len(found) == 1 else None


def speaks_of_mentoring(headers: list[str]) -> bool:
    """Return whether the headers name a mentee and a mentor, so that a row is a mentoring pair."""
    words = [set(normalise(header).split()) for header in headers]
    return all(any(name in found for found in words) for name in _MENTORING_HEADERS)

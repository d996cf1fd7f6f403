"""Words by which an unseen header says what it asks for, in the languages we know words for.

A line is a target with its clues: `offers: …` are strong, `offers?: …` say little by themselves, and a header with one
of `offers!: …` does not ask for offers whatever else it says. In a clue, words follow one another; `a/b` is either
word, `stem*` any word that starts so, and `…` up to six words of any kind. Subjects in capitals are no targets: what
they find is never read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from matchengine.io.fields import Reads
from matchengine.io.header_words_of_lists import CLUES
from matchengine.io.words import normalise

__all__ = ["SUBJECTS", "Clue", "clues_in", "spaced", "vetoed"]

_PEOPLE = """
CONSENT: i agree | i accept | agree to | consent* | permission | may we | may it be | may your | use it/them for
CONSENT: name it/them to | privacy | data protection | gdpr | terms and conditions | einwillig* | einverstanden
CONSENT: datenschutz* | stimme … zu | dürfen wir | consiento | acepto | autorizo | protección de datos | j accepte
CONSENT: autorise | données personnelles | consinto | concordo | aceito | 同意 | даю згоду | погоджуюс* | onaylıyorum
CONSENT: kabul ediyorum | أوافق | acconsento | read the notice | have read
CONSENT!: text version | consent text | version of
BOOKKEEPING: timestamp | zeitstempel | marca temporal | horodateur | carimbo | submitted at/on | submission date/id
BOOKKEEPING: start time | completion time | last modified time | response id | respondent id | ip address
BOOKKEEPING: untitled question
BOOKKEEPING: cost cent* | hire date | start date | end date | fte | job title | job code | department | business unit
BOOKKEEPING: salary | consent text | text version | column 1/2/3/4/5 | unnamed | 时间戳 | employment type
BOOKKEEPING: contract type
MATCH: prefer a/your/my mentor/mentee | mentor with | mentor who | mentor that | mentor to have | mentee with
MATCH: mentee who
MATCH: in a/your/my mentor | in a/your/my mentee | ideal mentor | paired with | same … as you | preference* … matching
MATCH: matched with somebody/someone | mentor … prefer | mentor s gender | preferred mentor | gender of your
FEEDBACK: hear about | heard about | find out about | found out about | anything else | any other | any questions
FEEDBACK: comments | feedback | could/can/should we improve/do/change/add | how satisfied | how likely | recommend
FEEDBACK: questions or comments
FEEDBACK: sonst noch | anmerkungen | algo más | comentarios | autre chose | remarques | rate the | how important
FEEDBACK: on a scale | to what extent | how confident | newsletter | how did you | wie hast du … erfahren
SENSITIVE: marital | married | income | salary | nationality | citizen* | immigra* | visa | health | mental | diagnos*
SENSITIVE: medical | veteran | first generation | socio* | national insurance | passport | tax | political | union
SENSITIVE: date of birth | birth* | born | geburt* | nacimiento | naissance | nascimento | caste | pregnan* | refugee*
SENSITIVE: asylum | criminal | convict* | allerg* | accessib* | accommodation*
pronouns: pronoun* | pronomen | pronombre* | pronom*
attributes.gender: gender | geschlecht | género | genre | gênero | sex | sexo | sexe | woman or a man | 性别
attributes.gender: cinsiyet
attributes.gender: стать
attributes.gender_identity: gender identity | identify as | geschlechtsidentität | identidad de género
attributes.ethnicity: ethnic* | race | racial | hautfarbe | raza | étnic* | origin | herkunft | origine | origen
attributes.orientation: orientation | lgbt* | queer | sexuality | orientierung | orientación
attributes.religion: religio* | faith | belief* | glaube* | konfession
attributes.disability: disab* | neurodiver* | impair* | long term condition | behinder* | discapacid* | handicap*
attributes.disability: deficiência | barrierefrei*
age_band: age | how old | age group/band/range | alter | altersgruppe | edad | âge | idade | 年龄 | yaş | вік
lived_experience: lived experience* | lived through | life experience*
barriers: makes it hard* | barrier* | keeps you from | childcare | caring responsibilit* | carer* | hindernis*
wishes: mentor to share | match to share | matched … same | share … background | similar identity | identity to match
boundaries.person: not meet | not be matched with | not match … with | avoid being matched | do not match
boundaries.person: conflict of interest
boundaries.person: not … pair* with
adult: over/above/least/turned 18/eighteen | 18/eighteen years/year | 18/eighteen or over/older/above
adult: older than 18/eighteen/17/seventeen
adult: attested/aged 18/eighteen | legal age | of age | volljährig* | mindestens 18/achtzehn | mayor de edad
adult: mayor de 18 | majeur | majeure
adult: maior de idade
adult: maior de 18 | ab 18 | 18 ans | 18 años | 18 anos | 18 jahre*
adult!: under | younger | below | unter | menor | children | work with | people over | whose | clients
guardian_consent: parent*/guardian* … consent*/agree*/permission
id: employee/member/student/staff/person/participant/personnel/membership id/number/no/code | personalnummer
id: mitgliedsnummer
id: matrikelnummer | número de empleado/estudiante | numéro d étudiant | matricule | membership no
id: employee id number
id!: national | passport | insurance | tax | manager* | phone | mentor* | mentee* | supervisor* | number of | how many
contact.email: e mail | email | emailadresse | mail address | courriel | correo electrónico | correo
contact.email: электронная почта
contact.email: work mail | eposta | 邮箱 | メール | البريد
contact.email!: @others | updates | subscribe | how … contact | prefer*
contact.phone: phone | mobile number | telephone | telefon* | teléfono | téléphone | handynummer | whatsapp | 电话
contact.phone!: @others | prefer* | how
contact.first_name: first name | given name | forename | vorname | prénom | nombre de pila | primeiro nome
contact.last_name: last name | surname | family name | nachname | familienname | apellido* | nom de famille
contact.last_name: sobrenome
contact.name: your name | full name | preferred name | name and surname | what … your name | who are you | call you
contact.name: vor und nachname
contact.name: nombre completo | nombre y apellidos | nom et prénom | nome completo | vollständiger name | wie heißt du
contact.name: wie heißen sie
contact.name: 姓名 | name | cómo te llamas | your first and last name | first and last name | называть | ad soyad
contact.name!: name of | names of | @others | college | file | user | project | team | pet | group
contact.first_name!: @others | last
contact.last_name!: @others | first
line_manager: line manager | your manager | manager id/email/e | reports to | your supervisor | manager s
line_manager: vorgesetzt* | führungskraft
line_manager: supervisor id/email/e | jefe | jefa | supérieur* | n 1 | gestor | chefe
line_manager!: are you | do you manage | been a | want | learn
relationships.mentor: present/current/existing/assigned mentor | your mentor s | derzeitige* mentor*
relationships.past_mentor: past/previous/former mentor*
roles: mentor or … mentee | mentee or … mentor | mentor mentee | mentors or mentees | as a mentor or | which/what role
roles: role in … programme/program
roles: join as | take part as | taking part as | sign up as | signing up as | register as | participate as
roles: participating as | i want to be a
roles: mentor oder mentee | als mentor | mentee oder mentor | welche rolle | qué rol | quel rôle | qual papel
roles: como mentor | comme mentor
roles: mentor o mentee | mentor ou mentee | participation type | applying as | other roles | like to be a mentor
roles: apply as | interested in being | become a mentor
roles?: role
roles!: why | previous* | ever | been | experience | important | what makes
capacity.mentor: how many … mentees | number of mentees/students/learners | how many … mentor at
capacity.mentor: how many … could/can/would … mentor
capacity.mentor: how many … take on | maximum … mentees | max … mentees | mentees … at once | mentees … at a time
capacity.mentor: mentoring places | how many … support at
capacity.mentor: wie viele … mentees | wie viele … betreuen | anzahl … mentees
capacity.mentor: cuántos/cuántas … mentorizar/mentees/aprendices/acompañar
capacity.mentor: combien de … mentorés/mentees/accompagner | quantos/quantas … mentees/mentorados/orientar
capacity.mentor: how many … willing to mentor | capacity … mentor*
capacity.mentor: mentor* capacity
capacity.mentor!: so far | have you | previous* | past | already | bisher | years | hours
capacity.mentee: how many mentors
goals: goals | goal | achieve | reach | accomplish | objectives | aspiration* | aspire | ziele | erreichen | objetivo*
goals: objectif*
goals: where … in five/three/two/ten years | working towards | lograr | conseguir | atteindre | alcançar | metas
goals: 目标
goals: цілі | hedef*
goals!: mostly about | by when | kind of goal | type of goal | important | reach you | reach us | how … reach
goals!: help … reach | help … achieve | help … goals
goals!: support … goals | achieve … with your mentees | progress | focus area
offers: teach | help others/other/somebody/someone/people | help a/your mentee* | can/could … offer | offer help
offers: able to offer
offers: share … knowledge/expertise/experience/skills | area/areas of expertise | your expertise | expertise in/you
offers: skills you have | your … skills | good at | advise
offers: advice on | give advice
offers: guide others | support others | pass on | coach others | could/can … help with
offers: could/can … help somebody/someone | help mentees | contribute
offers: mentor others | could/can … mentor … in/on | comfortable mentoring | topics … mentor on | strengths
offers: what … bring | something i could show
offers: weitergeben | beibringen | helfen kannst | helfen können | anbieten | kannst du … helfen | unterstützen kannst
offers: stärken | könntest du … vermitteln
offers: enseñar | ofrecer | ayudar a | puedes/puede … ayudar | compartir | enseigner | transmettre | aider | offrir
offers: apporter | ensinar | oferecer
offers: ajudar | partager | compartilhar | 可以教 | 擅长 | навчити | öğretebil* | skills to share | i can teach
offers: offering
offers: subject matter
offers?: expertise | skills | skill | help | experience in | experienced | knowledge | strong | fähigkeiten
offers?: habilidades
offers?: compétences | competências
offers!: would you let | learn from | teach you | taught | help you | help me | need | help from | looking for help
offers!: support you | help us | help with your
offers!: help to you | want help | like help | get help | receive | learn | gain | develop | improve | your mentor
offers!: mentor … should | beigebracht | aprender | apprendre | lernen | how often
offers!: rather | your mentees learn | we help | help cover | years
wants: learn | get better at | like to improve | want to improve | wish to improve | hope to improve
wants: skills … improve | improve … skills | need help | like help | want help | help you with
wants: like support | need support | support … need | support you | develop … skills | skills … develop
wants: want to develop | like to develop | hope to develop | wish to develop | looking to develop
wants: areas … development
wants: skills to learn/build/develop/gain | gain skills | skills … gain | struggle with | stuck | like advice
wants: need advice | advice … need | guidance … need | like guidance | guidance on | looking for help
wants: lernen | verbessern | brauchst du … hilfe | hilfe brauchst | besser werden | aprender | mejorar
wants: necesitas ayuda | apprendre | améliorer | besoin d aide
wants: melhorar | precisa de ajuda | 想学 | 学习 | навчитис* | öğrenmek | mentor … help you | help from … mentor
wants: help me
wants: be taught | like to know more | upskill
wants?: skills | help | skill | support
wants!: skills and what | teach others | learn about this/the/us/our | learnt | learned | did you learn
wants!: learning style
wants!: learning difficult* | learning disab* | learning need* | could you teach | can you teach
wants!: i can teach | let … teach | help others | help somebody | help someone | offer | your mentees learn | junior
wants!: reverse | language* | languages | how do you
past_work: past/previous/earlier/former/completed/recent work/works/project/projects | projects … worked on
past_work: projects … mentored/supervised/led/completed/finished | worked on before/previously/earlier
past_work: you/i done before/previously/earlier | you do before/previously | publications | publication list
past_work: papers/articles … written/wrote/published/authored | published papers/articles/work | track record
past_work: bisherige*/frühere*/vergangene*/vorherige* projekt*/arbeiten/arbeit | projekte … betreut/geleitet
past_work: bisher … gemacht/gearbeitet | früher gemacht | publikation* | veröffentlichung*
past_work: proyectos/trabajos anteriores/pasados/previos/realizados | publicaciones
past_work: projets/travaux passés/antérieurs/précédents/réalisés | anciens projets/travaux
past_work: projetos/trabalhos anteriores/passados/realizados | publicações | progetti/lavori precedenti/passati
past_work: pubblicazioni | 过往项目 | 以往项目 | 项目经历 | 发表 | попередн* проєкт*/проект*/робот* | публікаці*
past_work: önceki/geçmiş proje*/çalışma* | yayınlar* | المشاريع السابقة | الأعمال السابقة
past_work?: portfolio | papers
past_work!: work experience | years | how many | how long | how much | employer* | arbeitgeber | goals
past_work!: subscribe | newsletter
interests: hobby | hobbies | your interests | my interests | interests outside | personal interests
interests: interests do/have | passions | passionate about | like to do | do for fun | not working
interests: outside of/your work | outside work
interests: spare time | in … free time | leisure | hobbys | freizeit* | tiempo libre | aficiones | temps libre
interests: loisirs | passe temps | tempos livres | tempo livre | 爱好 | 兴趣 | захоплення | hobiler | enjoy doing
interests: interests
interests?: interest | interested | enjoy | interessen | intereses | intérêts | interesses
interests!: interested in being/becoming | interest in … programme/program | newsletter | career interest*
interests!: research interest* | conflict | industry | matching
values: your values | core values | values pick/choose/select | matters to you | values are | deine werte | ihre werte
values: tus valores | vos valeurs | seus valores | most important values
hopes_to_gain: hope to gain | hope to get | hoping to gain | hoping to get | get out of | want to get from
hopes_to_gain: looking for from | looking for in | want from | expect from | expectations | hope for | gain from
hopes_to_gain: take away from
hopes_to_gain: why … join* | why … take part | why … taking part | why … participat* | why … apply*
hopes_to_gain: reason for joining/applying | motivation | motivates you | warum … teilnehmen | warum … mitmachen
hopes_to_gain: erwart* | erhoff* | motiv* | esperas | por qué … participar
hopes_to_gain: qu attendez | attentes | espera | por que … participar | benefit from
hopes_to_gain!: mentee expectation* | salary | should … mentee | why … a mentor
mentoring_focus: like to mentor | prefer to mentor | ideal mentee | kind/type/sort of mentee* | who … mentor
mentoring_focus: whom … mentor | mentee* … look* for | mentees do you | mentee … work best
mentoring_focus!: how many | who is your | your mentor | like to be mentored | ever | join | at once
career_stage: career stage | career level | stage … career | seniority | grade | level at work | job level
career_stage: level of experience | karrierestufe | nivel profesional | niveau hiérarchique | experience level
career_stage: position level
career_stage: where … in your career | career phase | level of seniority | nível
experience: years of … experience | how many years | years in | years … experience | how long … work* | years worked
experience: berufsjahre | jahre … erfahrung | años de experiencia | années d expérience | anos de experiência
experience: professional experience in years
experience: years of service
experience!: lived | old | age | mentor* | live | resident | coach*
languages: languages … speak | languages you | which/what languages | language skills | sprachen | idiomas
languages: quelles langues | langues … parl* | línguas | languages … comfortable | spoken languages
languages: language/languages spoken | 语言 | мов* | diller
languages?: language | languages | sprache | langue | idioma
languages!: programming | coding | answers | form | answered | to learn | want to learn | like to learn | lernen
languages!: program
text_language: language of … answers | answered in | language of … form | language … answer* | filled in … in
text_language: preferred language | written in
availability: available | availab* | when … free | free on | times … suit* | time slots | slots | best times/time/days
availability: what/which times | what/which days | days and times | days … work | verfügbar* | wann … zeit
availability: wann … frei
availability: disponib* | cuándo … puedes | quand êtes vous | quando | 时间 | 空闲 | коли | müsait*
availability: when could … meet
availability: when can … meet | when are … good | suits you
availability?: free | time | times | when | horario* | days
availability!: week before | event | interview* | training | workshop | hours a/per | how much time | since
availability!: free time | spare time | start
time_zone: time zone | timezone | zeitzone | zona horaria | fuseau* | fuso horário | 时区 | часовий пояс | saat dilimi
modes: how … meet | in person | face to face | online or | virtual* | remote* | meeting format/type/mode/style
modes: prefer* … meeting* | meeting* … prefer* | meet online | wie … treffen | präsenz | online oder | cómo … reunir*
modes: comment … rencontrer | visio* | en ligne | presencial | como … encontrar | communication method
modes: way* … to meet | format … meet* | how … like to connect | channels
modes!: how often | minutes | frequen* | events | how long
cadence: how often | how frequently | frequency | how much time | how long … meet* | wie oft | con qué frecuencia
cadence: à quelle fréquence | com que frequência | how regularly | hours per/a | time commit*
cadence.every: how often | how frequently | frequency | wie oft | con qué frecuencia | à quelle fréquence
cadence.every: com que frequência | how regularly
cadence.minutes!: travel
cadence.minutes: how many minutes | minutes per meeting | how long … meet* | meeting length | length of … meeting*
place.country: country | nation | which country | where … based | where … live | where … located | location | land
place.country: wo … wohn* | dónde vives | où habit* | onde mora | país | pays | 国家
place.country!: origin | home country | visited | other countries | @event
place.area: city | town | where … based | where … live | where … located | location | office | site | campus | wohnort
place.area: stadt | ville | ciudad | cidade | wo … wohn* | dónde vives | où habit* | onde mora | borough | district
place.area: 城市
place.country!: same | paired | prefer* | college | school | university | grew up | website
place.area!: same | paired | prefer* | address | street | postcode | zip | postal | college | school | university
place.area!: grew up | hometown
place.area!: office hours | website | @event | office use | of event
place.geohash: geohash | map square
place.max_travel_minutes: minutes … travel | travel … minutes | how far … travel | travel time
place.transport: get around | means of transport | how … travel
support_mode: one to one or | one person or | group or one | individual or group | one on one or
visibility: see … profile | profile visib* | visible to
returning: career break | break from work | returning to work | return to work | coming back | back after
returning: wiedereinstieg
open_to_learn: let … mentee … teach | reverse mentor* | learn from … junior | learn from … younger
open_to_learn: open to learning from
training_done: training* … done/completed/attended | completed … training* | trained
vetting.status: vetting | dbs | background check* | vetted | safeguarding check*
vetting.on: vett* on | vetting date | dbs date | date of … check | date vetted
vetting.status!: vetted on | date
opportunities: put forward for | opportunities … aim | which/what opportunities | door/doors … open for you
opportunities: positions … aim | angestrebte* | oportunidades | opportunités
opportunities!: open for others | could you open | how did you
influence: open doors | doors … could/can … open | influence | put somebody/someone forward | türen … öffnen
influence: abrir puertas | ouvrir des portes | abrir portas
influence!: for you | for me | influenced
sponsoring: willing to sponsor | be a sponsor | sponsor somebody/someone | act as a sponsor | als sponsor*
sponsoring!: sponsored by | your sponsor
visits: how many visits | visits … felt | groups … visited
time_balance: time balance | hours balance | balance … hours | time bank | zeitkonto | banco de tiempo
network.family: family … near/contact/see | how many … relatives | familie | familia | famille
network.friends: how many … friends | close friends | freunde | amigos | amis
network.neighbours: how many … neighbours/neighbors | nachbarn | vecinos | voisins
network.clubs: how many … clubs | vereine | clubes
network.friends!: family friendly | did a friend
network.family!: family friendly | first in … family | caring
anchors: feel at home | communities … belong | communities … home | zuhause fühl* | te sientes en casa | chez toi
joint_wishes: share … at once | both at once | combination … share
"""
_OTHERS = re.compile(
    r"(?<![^ ])(?:manager\w*|supervisor\w*|advisor|adviser|boss|emergency|next|parent\w*|guardian\w*|referee\w*|line"
    r"|reference|friend\w*|partner\w*|spouse|compan\w*|employer\w*|organi[sz]ation\w*|school|college|universit\w*"
    r"|programme|program|mentors?|mentees?|colleague\w*|teacher\w*|vorgesetzt\w*|firma|unternehmen|empresa|entreprise"
    r"|notfall\w*|doctor|caregiver|child\w*|husband|wife|recommend\w*)(?![^ ])"
)
_EVENT = re.compile(r"(?<![^ ])(?:event\w*|conference|workshop|session|meeting)(?![^ ])")
_NAMED = {"@others": _OTHERS, "@event": _EVENT}
_LOOKED_AT = 800
"""Characters of a header in which clues are looked for."""
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
SUBJECTS = frozenset({"BOOKKEEPING", "CONSENT", "FEEDBACK", "MATCH", "SENSITIVE"})
"""What a header may be about besides targets; such a column is never read."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A clue found in a header.

    Attributes
    ----------
    target : str
        The target, or one of `SUBJECTS`.
    words : str
        The words of the header, normalised.
    strong : bool
        Whether it says much by itself.
    """

    target: str
    words: str
    strong: bool


def spaced(header: str) -> str:
    """Return the beginning of a header, that of a database as words: `WorkEmail` becomes `Work Email`."""
    return header[:_LOOKED_AT] if " " in header else _INNER_CAPITAL.sub(" ", header[:_LOOKED_AT])


def clues_in(header: str, reads: Reads) -> list[Clue]:
    """Return the best clue of each target and subject in a header, those that a veto removes left out."""
    text = normalise(spaced(header))
    best: dict[str, Clue] = {}
    for target, strong, pattern in _table(reads)[0]:
        found = pattern.search(text)
        if found and not vetoed(header, target, reads):
            clue = Clue(target, found[0], strong)
            known = best.get(target)
            if known is None or (strong, len(clue.words)) > (known.strong, len(known.words)):
                best[target] = clue
    return list(best.values())


def vetoed(header: str, target: str, reads: Reads) -> bool:
    """Return whether a header holds words with which it cannot ask for a target."""
    text = normalise(spaced(header))
    return any(pattern.search(text) for pattern in _table(reads)[1].get(target, ()))


_Patterns = list[tuple[str, bool, re.Pattern[str]]]


@cache
def _table(reads: Reads) -> tuple[_Patterns, dict[str, list[re.Pattern[str]]]]:
    clues: _Patterns = []
    vetoes: dict[str, list[re.Pattern[str]]] = {}
    lines = _PEOPLE if reads == "people" else CLUES[reads]
    for line in lines.strip().splitlines():
        head, _, written = line.partition(": ")
        target = head.rstrip("?!")
        patterns = [_pattern(clue.strip()) for clue in written.split("|")]
        if head.endswith("!"):
            vetoes.setdefault(target, []).extend(patterns)
        else:
            clues += [(target, not head.endswith("?"), pattern) for pattern in patterns]
    return clues, vetoes


def _pattern(clue: str) -> re.Pattern[str]:
    if clue in _NAMED:
        return _NAMED[clue]
    if _NO_SPACES.search(clue):
        return re.compile(re.escape(normalise(clue)))
    pattern, gap = "", ""
    for piece in clue.split():
        if piece == "…":
            gap = "(?: [^ ]+){0,6}? "
            continue
        words = "|".join(_word(word) for word in piece.split("/"))
        pattern += f"{gap}(?:{words})"
        gap = " "
    return re.compile(f"(?<![^ ]){pattern}(?![^ ])")


def _word(word: str) -> str:
    stem = re.escape(normalise(word.removesuffix("*")))
    return stem + "[^ ]*" if word.endswith("*") else stem

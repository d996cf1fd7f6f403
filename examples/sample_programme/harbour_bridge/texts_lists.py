"""Events, projects, resources and organisations of the programme office. All invented; nothing in it is real.

An event:    @key | kind | place | languages | days after 1 March 2026 | start | minutes | now/places | cost | modes
A project:   @key | place | languages | phase | first and last day after 1 March | led by | size min-max
A resource:  @key | type | languages | country | cost | level | checked, days before 1 March
An organisation: @key | kind | place | languages | cost | modes | checked, days before 1 March; r: how to reach it,
p: whom it works with, by key.
The tags are those of groups (see `persona.py`), and n[importance level]: what a project needs somebody for.
"""

EVENTS = """
@mixer-spring | mixer | Bristol/Old Market | en native, ar B2, pl B1 | 12 | 18:00 | 120 | 34/60 | free | in_person
t: Spring mixer at the old dye works
k: meeting mentors; meeting mentees; first conversations
d: Seven minutes each, a bell, then the next table. Come with your mentor or alone, both is normal.
s: confidence partly; language partly; cost yes; physical_access yes
c: language-coach yes
x: pairs=yes beginner=yes venue=centre step=yes exposure=3

@open-day-shed | open_day | Bristol/St Pauls | en native, so B2 | 20 | 10:00 | 180 | ?/80 | free | in_person
t: Open shed: try a trade for ten minutes
k: electrics; plumbing; carpentry; welding
d: Wire a plug, bend a pipe, sand something. Children have their own bench with blunt things.
s: childcare yes; cost yes; language partly; exclusion yes
c: sparky-bristol yes; carpenter-nb ?
x: pairs=yes beginner=yes childcare=yes family=yes activity=yes venue=centre step=yes exposure=2

@sql-evening | workshop | online | en native | 9 | 18:30 | 90 | 21/25 | free | video
t: SQL in one evening, from zero
k: SQL; databases for beginners; health statistics
d: One table, five questions, no installation. Camera off is fine and so is a baby on the lap.
s: time yes; place yes; cost yes; digital no
x: beginner=yes venue=online exposure=2

@pay-talk | talk | online | en native, de B2 | 15 | 12:15 | 45 | 48/200 | free | video
t: Asking for more money without crying or shouting
k: salary negotiation; confidence at work; first leadership post
d: Two people who did it and one who says no for a living. Questions in writing.
s: time yes; place yes; confidence partly
x: venue=online exposure=1

@hafen-walk | social | Hamburg/Altona | de native, en B2, tr B2 | 14 | 11:00 | 120 | 9/20 | free | in_person
t: Einmal um den Hafen, langsam
k: spazieren; neu in der Stadt; Deutsch sprechen
d: Wir treffen uns am Kiosk und laufen los. Wer wenig Deutsch spricht, läuft mit jemandem, der Zeit hat.
s: language yes; cost yes; childcare partly
c: crane-hh yes
x: text=de pairs=yes beginner=yes family=yes activity=yes venue=outdoors exposure=2

@bewerbung-abend | workshop | Hamburg/Mitte | de native, en C1, uk C1 | 23 | 17:30 | 150 | 12/12 | low | in_person
t: Bewerbung mit ausländischem Abschluss
k: Anerkennung von Abschlüssen; Bewerbung; Deutsch im Beruf
d: Bringt eure Papiere mit, auch die, die keiner lesen will. Wir sortieren gemeinsam.
s: language partly; unspoken_rules yes
x: text=de beginner=yes venue=centre step=yes exposure=3

@crab-supper | social | Baltimore/Canton | en native, es C1 | 27 | 17:00 | 180 | 15/40 | low | in_person
t: Supper on the pier
k: meeting people; food; harbour stories
d: Long table, paper plates, nobody makes a speech. There is something without crab.
s: cost partly; transport yes; norms yes
c: catering-balt yes
x: pairs=yes family=yes venue=outdoors step=yes exposure=3

@roda-abertura | open_day | Santos/Embaré | pt native | 17 | 19:00 | 90 | ?/30 | free | in_person
t: Porta aberta: venha ver como é
k: cuidado; conhecer pessoas; oficinas do bairro
d: Sem inscrição. Café na cozinha, oficinas na sala, silêncio na varanda para quem precisar.
s: confidence yes; cost yes; childcare yes
x: text=pt-BR beginner=yes childcare=yes family=yes venue=centre exposure=1

@coders-day | workshop | Mombasa/Nyali | sw native, en C1 | 30 | 09:00 | 240 | 18/20 | free | in_person
t: Build your first app before lunch
k: Android apps; programming for beginners; women in technology
d: Laptops are there. Bring an idea that fits on a postcard; we start from the postcard.
s: cost yes; digital yes; exclusion yes
x: beginner=yes activity=yes venue=library exposure=2

@rent-rally | protest | Bristol/Knowle | en native, bn B2 | 21 | 13:00 | 120 | 150/? | free | in_person
t: Dry homes now: march to the council house
k: housing rights; damp; tenants
d: Drums, banners, stewards in orange. The press will be there and takes pictures.
x: family=yes venue=outdoors exposure=4

@sea-call | online | online | en native, es C1, ml B2 | 28 | 15:00 | 60 | 40/? | free | video;chat
t: Women at sea: the monthly call
k: women in shipping; life on board; going ashore
d: From three oceans at once. The line drops, somebody always calls back.
s: place yes; time partly; exclusion yes
x: pairs=yes venue=online exposure=1

@kochi-evening | talk | Kochi/Mattancherry | ml native, en C1 | 34 | 16:00 | 90 | 22/60 | free | in_person
t: From the shipyard to the board
k: women in engineering; leadership; shipyards
d: Three careers in one hour, then tea and the questions that nobody asks aloud.
s: physical_access yes; cost yes
x: pairs=yes venue=library step=yes exposure=2
"""

PROJECTS = """
@dock-film | Bristol/Avonmouth | en native | open | 30 120 | phone-filmmaker | 4-8
t: Five minutes of dock: a short film
k: short films; dock workers; oral history
d: Five portraits of one minute each, of people who load ships. We film on telephones.
n[3 3]: cutting and grading short films
n[3 2]: recording sound outdoors
n[2 1]: subtitles in two languages
n[1]: knowing people at the docks
x: venue=outdoors beginner=yes modes=in_person,video

@harbour-mural | Hamburg/Veddel | de native, en B2, tr B2 | open | 45 150 | illustrator | 5-12
t: Wandbild an der Hochwassermauer
k: Wandmalerei; Nachbarschaft; Hafen
d: Achtzig Meter Mauer, ein Sommer. Entwürfe kommen aus der Siedlung, nicht von oben.
n[3 3]: Entwürfe zeichnen
n[2 2]: mit der Behörde reden, Anträge schreiben
n[2 0]: malen, auch ohne Erfahrung
n[1]: für alle kochen
x: text=de venue=outdoors beginner=yes modes=in_person

@repair-map | online | en native, pt B2, sw B1 | running | -20 200 | qa-returner | 3-6
t: A map of who repairs what in twelve ports
k: repair cafés; open data; maps
d: One page, one map, no account. We have the data of four ports, in four spreadsheets that hate each other.
n[3 2]: cleaning spreadsheets
n[3 3]: a small web map
n[2]: writing to repair cafés in Portuguese or Swahili
x: venue=online modes=video,chat,async

@verses-book | Mombasa/Old Town | sw native, en C1, ar B1 | open | 15 90 | story-writer | 3-7
t: Poems of the harbour, a small book
k: poetry; Swahili; making books
d: Forty poems heard on the library roof, printed at last. Two languages on facing pages.
n[3 3]: translating poems from Swahili into English
n[2 2]: laying out a small book
n[2 1]: asking poets for permission and keeping the list
x: beginner=yes modes=in_person,chat
"""

RESOURCES = """
@line-night | helpline | en native, so B2, ar B2 | GB | free | - | 10
t: Swing Bridge listening line, nights and weekends
k: somebody to talk to at night; loneliness; hard days
d: Trained volunteers listen, also without a name. The office keeps the number up to date.

@line-kueste | helpline | de native, tr C1, uk B2 | DE | free | - | 24
t: Kaikanten-Telefon
k: jemand zum Reden; Sorgen in der Familie; Krise
d: Anonym und kostenlos. Wer anruft, sagt nur so viel, wie er will.

@line-harbor | helpline | en native, es C1 | US | free | - | 41
t: Pier Nine Advocates line
k: somebody to talk to; violence at home; a safe place tonight
d: Advocates answer in two languages and can hang up and call back if it is not safe.

@guide-papers | toolkit | en B1, uk B2, pl B2 | GB | free | 0 | 33
t: Which paper for which trade
k: foreign qualifications; electricians; welders; recognition
d: Four pages in plain words. Which card, which test, how much, in which order.

@kurs-anerkennung | advice | de B1, uk C1, fa B2, ar B2 | DE | free | 0 | 12
t: Sprechstunde Anerkennung
k: Anerkennung von Abschlüssen; Pflege; Ingenieurberufe
d: Dienstags im Rathaus, Zimmer mit dem grünen Sofa. Dolmetschen ist bestellt, wenn man es vorher sagt.

@course-sql | course | en native | - | free | 1 | 60
t: Spreadsheets to SQL in six evenings
k: SQL; databases for beginners; health statistics
d: Recorded, with homework that somebody looks at. A certificate that nobody asks for.

@course-python | course | en native, es C1 | - | low | 1 | 75
t: Python for people who already work
k: Python; automating boring work
d: Twenty short lessons about invoices, rotas and lists. No games.

@fund-first | funding | en native | GB | free | - | 15
t: First hundred: a small grant for tools
k: starting a business; tools for a trade; first costs
d: A hundred pounds, no loan, no interest, no questions about income. Two sentences are enough.

@fund-microcred | funding | pt native | BR | free | - | 52
t: Fundo da feira: compra coletiva
k: pequeno negócio; compra coletiva; vender na feira
d: Um fundo do bairro compra junto e mais barato. Ninguém pergunta quanto você ganha.

@tool-meeting | toolkit | en native, de C1 | - | free | 2 | 80
t: Speaking up in meetings, on one page
k: speaking up; confidence at work; meetings
d: Six sentences to interrupt somebody with, tried out by people who hate interrupting.

@tool-interview | training | en native, sw C1 | KE | low | 1 | 21
t: Mock interviews on Saturday mornings
k: job interviews; first job; internships
d: Two rounds, the second one with hard questions. Tea in between.

@pass-swim | venue_pass | en native | GB | free | - | 18
t: Day pass for the harbour baths
k: swimming; moving; women's hours
d: Ask at the office, two for each person and month. Women's hours are Monday and Thursday.

@pass-maker | venue_pass | en native, pl B2 | GB | low | 1 | 90
t: Bench hours at the makers' yard
k: carpentry; electrics; repairing things
d: A bench, a vice and somebody who knows the fire drill, by the hour.

@advice-rent | advice | en native, bn C1, so B2 | GB | free | 0 | 29
t: Rent and damp: advice without an appointment
k: housing rights; damp; letters from the landlord
d: Bring the letter. If you have photographs bring those, if you have mould bring patience.

@guia-derechos | toolkit | es native, ro B2 | ES | free | 0 | 380
t: Derechos en casa ajena
k: trabajo del hogar; contratos; derechos
d: Veinte preguntas y veinte respuestas sobre trabajar en casas. La edición es vieja y se nota.
"""

ORGANISATIONS = """
@org-reading-room | library | Bristol/Bedminster | en native, so B2, pl B1 | free | in_person | 20
t: Bedminster Reading Room
k: quiet places to study; computers to use; reading aloud; English conversation
d: Twelve desks, four computers, one kettle. Nobody asks why you are here or for how long.
r: the desk by the door, Tuesday to Saturday 10 to 18
p: org-rent-table; org-makers

@org-rent-table | service | Bristol/Easton | en native, bn C1, so B2 | free | in_person,phone | 33
t: The Rent Table
k: housing rights; damp; letters from the landlord; benefits
d: Volunteers with folders. They read your letter aloud and say what happens next.
r: drop in on Mondays and Thursdays 9 to 13, take a number
p: org-open-quay

@org-makers | club | Bristol/St Pauls | en native, ar B2 | low | in_person | 75
t: Lower Yard Makers
k: carpentry; repairing things; electrics; welding
d: A shared workshop with a rota, a first-aid box and strong opinions about glue.
r: ring the bell at the blue gate on any weekday evening

@org-open-quay | ally | Bristol/Old Market | en native, uk B2, ar B2 | free | in_person,video | 12
t: Open Quay Alliance
k: new in the country; foreign qualifications; speaking for people at offices; finding allies
d: Neighbours and former newcomers who come along to appointments and say so when something is unfair.
r: leave a note in the box at the Old Market kiosk, or use the form on their page
p: org-makers

@org-welcome-desk | municipality | Hamburg/Mitte | de native, en B2, fa B2, ar B2 | free | in_person,phone | 47
t: Schalter Neun
k: Anerkennung von Abschlüssen; Aufenthalt; Kita-Platz; Arbeitserlaubnis
d: Ein Schalter nur für Fragen. Formulare gibt es woanders, hier gibt es Antworten.
r: ohne Termin, Dienstag und Donnerstag 8 bis 12
p: org-hafenrecht
x: text=de

@org-hafenrecht | union | Hamburg/Veddel | de native, tr C1, pl B2 | free | in_person,phone,video | 101
t: Hafenrecht e. V.
k: Arbeitsverträge; Lohn; Arbeitszeit; Rechte im Hafen
d: Ehrenamtliche von den Kaianlagen, die Verträge lesen können und keinen davon schön finden.
r: Sprechstunde mittwochs ab 17 Uhr im Kesselhaus
x: text=de
"""

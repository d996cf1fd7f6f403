"""Groups in the other ports, and online. Format: see `persona.py`. All groups are invented."""

GROUPS = """
@elbe-gang | sport_walk | Hamburg/Altona | de native, en B2, pl B1 | Sundays 10:30-12:30 | 13/25 | free | in_person
t: Elbgang für Langschläfer
k: Spazierengehen; neu in der Stadt; Deutsch sprechen nebenbei
d: Wir laufen von der Fischauktionshalle bis Övelgönne und zurück, langsam. Wer wenig Deutsch kann, läuft in der
  Mitte, da ist es am leichtesten. Danach Franzbrötchen. Kein Verein, keine Liste.
c: union-rep yes
s: language yes; cost yes; confidence yes; childcare partly; physical_access partly
x: text=de beginner=yes regular=yes venue=outdoors family=yes exposure=2 activity=yes by=visited_by_staff fac=peer

@repair-wilhelmsburg | volunteering | Hamburg/Wilhelmsburg | de native, en B2, tr B2 | 1st Saturday of the month
  14:00-17:00 | 17/30 | free | in_person
t: Reparaturcafé Elbinsel
k: repair cafés; Löten; Werkzeug; Ehrenamt
d: Toaster, Hosen, Fahrräder. Man braucht kein Wort zu sagen, um eine Naht aufzutrennen, und plötzlich redet man doch.
  Wir suchen immer Leute, die etwas können oder lernen wollen.
c: repair-hh yes; ux-hh ?
s: language yes; cost yes; confidence yes; childcare no
x: text=de beginner=yes regular=yes venue=centre step=yes exposure=3 activity=yes by=organiser fac=trained_volunteer

@naeh-frauen | cultural | Hamburg/Wilhelmsburg | de B1, fa native, ar B2, tr B2 | Thursdays 09:30-11:30 | 11/14 | free
  | in_person
t: Nähstube Faden
k: Nähen; Frauen aus der Nachbarschaft; einfaches Deutsch
d: Frauen nähen zusammen. Kinder bis drei können mitkommen, eine Oma passt auf. Wir sprechen einfaches Deutsch, Dari,
  Arabisch. Stoff ist da. Wer will, verkauft auf dem Markt.
n: women_only; modest; alcohol_free
s: language yes; childcare yes; cost yes; norms yes; digital yes; transport partly
x: text=de childcare=yes beginner=yes regular=yes venue=centre step=yes exposure=1 activity=yes by=visited_by_staff
x: fac=trained_volunteer trained=yes framing=topic_focused
c: care-trainer yes

@anerkennung | self_help | Hamburg/Mitte | de B2, uk native, pt C1, fa C1, en B2 | every 2nd Thursday 18:00-19:30 |
  16/20 | free | in_person;video
t: Stempel & Geduld
k: Anerkennung von Abschlüssen; Behördenbriefe; Bewerbung
d: Ärztin putzt, Ingenieur fährt Pakete: das kennen hier alle. Wir legen die Briefe nebeneinander, finden heraus,
  welcher Antrag wirklich zählt, und gehen zu zweit zum Termin.
c: site-manager yes; amt-hh yes
s: language yes; cost yes; unspoken_rules yes; confidence partly; childcare no
x: text=de beginner=yes regular=yes venue=library step=yes exposure=2 by=organiser fac=peer conf=yes

@meisterinnen | professional | Hamburg/Harburg | de native | 2nd Friday of the month 18:30-20:30 | 12/18 | free |
  in_person
t: Meisterinnenrunde Süderelbe
k: Frauen im Handwerk; Meisterschule; eigener Betrieb
d: Monatlicher Stammtisch für Meisterinnen, Gesellinnen und alle, die es werden wollen. Prüfung, Betriebsübernahme,
  Ausbilden, Kalkulation. Anmeldung nicht nötig, Parkplätze im Hof.
c: repair-hh yes; crane-hh yes
n: women_only
s: exclusion yes; confidence yes; cost yes; childcare ?
x: text=de beginner=yes regular=yes venue=other exposure=2 by=organiser fac=peer framing=identity_focused conf=yes

@queer-buehne | peer_circle | Hamburg/St. Pauli | de native, en C1 | Wednesdays 20:00-22:00 | 9/15 | low | in_person
t: Backline
k: queere Menschen in Musik, Technik und Design; Auftritte; Freiberuflichkeit
d: Probe, Plausch, Vertragskunde. Manchmal spielt jemand, manchmal liest jemand eine Mahnung vor. Trans und
  nichtbinäre Leute sind hier keine Gäste, sondern die Hausherrschaft.
c: musician-hh yes; ux-hh yes
s: exclusion yes; cost partly; confidence partly; safety yes
x: text=de beginner=yes regular=yes venue=other step=no exposure=3 by=member_pulse fac=none framing=identity_focused
x: safety=declared_welcome,code_of_conduct

@mosque-table | faith | Hamburg/Billstedt | ar native, de B2, tr B2 | Saturdays 16:00-18:00 | 30/40 | free | in_person
t: مائدة السبت
k: لقاء عائلي; مساعدة في الأوراق; أطفال
d: نلتقي بعد العصر في قاعة المسجد، شاي وحلويات، ومن عنده ورقة من البلدية يحضرها معه. الباب مفتوح للجميع، للأمهات ركن
  خاص وللأطفال من يلعب معهم.
n: alcohol_free; prayer_space; modest
s: language yes; childcare yes; cost yes; norms yes; transport ?
x: text=ar childcare=yes family=yes beginner=yes regular=yes venue=centre step=yes exposure=3 by=organiser fac=peer
c: pharmacist-cairo ?

@dock-night-online | online_forum | online | en native, de B2, fa B1 | any time | 212/- | free | chat;async
t: Night Shift Board
k: night work; moving to day work; sleep; small wins
d: a forum for people awake at the wrong time. answers take a day or an hour. moderated by two ex-nurses and a baker
s: time yes; place yes; cost yes; confidence yes; digital no
x: beginner=yes venue=online exposure=0 by=organiser fac=trained_volunteer listen=yes
x: safety=moderation,private_attendance,exit_without_reason

@women-at-sea | online_forum | online | en native, sw C1, ml B2, es B1 | any time; video call last Sunday of the month
  13:00-14:00 | 88/- | free | async;video
t: Cabin Twelve
k: women in shipping; engine room; sea time; careers ashore
d: Engineers, cadets, crane drivers and one captain. We keep a list of companies where the cabin is not a problem. Ask
  anything, cargo or otherwise.
c: naval-kochi yes; marine-engineer no
n: women_only
s: exclusion yes; place yes; cost yes; confidence partly; time yes
x: beginner=yes regular=? venue=online exposure=1 by=organiser fac=peer conf=yes framing=identity_focused
x: safety=moderation,code_of_conduct,exit_without_reason

@harbor-mamas | parents | Baltimore/Waverly | en native | Wednesdays 18:00-19:30 | 15/20 | free | in_person
t: Mamas Moving Up
k: single mothers; going back to work; city jobs
d: Pizza, homework table for the kids, real talk at the other end of the room. We practice interviews on each other
  and nobody gets to say "just" about herself.
c: housing-officer yes
s: childcare yes; cost yes; confidence yes; transport partly
x: childcare=yes beginner=yes regular=yes venue=centre step=yes exposure=2 by=organiser fac=trained_volunteer

@oficios-balt | professional | Baltimore/Highlandtown | es native, en B1 | Saturdays 09:00-10:30 | 19/25 | free |
  in_person
t: Café de los Oficios
k: plomería; electricidad; licencias; inglés del trabajo
d: Café con pan y la página del examen que toque. El primero que llega lee en voz alta. Vienen plomeros, una
  electricista, un vidriero que casi no habla. Nadie pregunta por papeles.
c: plumber-balt yes
s: language yes; cost yes; confidence yes; childcare no; transport ?
x: text=es beginner=yes regular=yes venue=restaurant exposure=2 by=organiser fac=peer

@gospel-photos | neighbours | Baltimore/Cherry Hill | en native | Thursdays 14:00-16:00 | 8/12 | free | in_person
t: Who Is That in the Hat?
k: neighborhood history; old photographs; oral history
d: We spread the church photos on the table and name everybody we can before the coffee is gone. A young person types.
  Van pickup within ten blocks.
c: museum-balt yes; archive-aunt yes
s: transport yes; digital yes; cost yes; physical_access yes; confidence yes
x: beginner=yes regular=yes venue=centre step=yes exposure=2 activity=yes by=visited_by_staff fac=peer

@trans-dinner | peer_circle | Baltimore/Remington | en native, es B1 | Sundays 17:00-19:00 | 9/10 | free | in_person
t: Sunday Sauce
k: trans and nonbinary people; dinner; ordinary conversation
d: Ten chairs, one pot. Politics after dessert only. We give the address once you've had a phone call with the cook.
s: exclusion yes; safety yes; cost yes; transport partly; confidence partly
x: beginner=yes regular=yes venue=home step=no exposure=1 by=member_pulse fac=peer conf=yes framing=identity_focused
x: safety=declared_welcome,address_after_joining,exit_without_reason,code_of_conduct suspended=no listen=yes
n: alcohol_free
c: physics-balt yes

@fridge-sobriety | self_help | Baltimore/Canton | en native | Mondays 19:00-20:00 | 11/20 | free | in_person;phone
t: Day After Day After
k: staying sober in kitchen and bar work
d: Weekly meeting for cooks, bartenders and servers who want to stay sober. One hour. Phone line open for those on
  shift.
s: cost yes; time partly; confidence ?
x: risk=B fac=trained_volunteer trained=yes conf=yes listen=yes crisis=yes safeguard=yes regular=yes venue=centre
  step=yes exposure=2
x: by=organiser safety=private_attendance,exit_without_reason,code_of_conduct beginner=yes
r: first names; no advice unless asked; phones in the basket
n: alcohol_free

@roda-cuidado | support | Santos/Embaré | pt native | Tuesdays 19:00-20:30 | 8/12 | free | in_person
t: Roda de Quem Cuida
k: cansaço de quem cuida; limites; conversa entre cuidadoras
d: Roda com chá, crochê na mão e celular na bolsa. Fala quem quer. Conduzida por uma terapeuta que também já cuidou da
  mãe.
s: cost yes; confidence yes; time partly; childcare ?
x: text=pt-BR risk=B fac=professional trained=yes conf=yes listen=yes regular=yes venue=centre exposure=1 by=organiser
  beginner=yes
c: therapist-arts yes
r: o que se fala aqui fica aqui; ninguém é obrigado a falar

@sol-porto | volunteering | Santos/Vila Mathias | pt native | Saturdays 09:00-12:00 | 14/20 | free | in_person
t: Mutirão Sol do Porto
k: energia solar; mulheres na elétrica; telhado comunitário
d: A cada sábado um telhado: creche, associação, terreiro. Quem nunca pegou numa parafusadeira aprende no chão
  primeiro. Almoço incluso, protetor solar também.
c: solar-santos yes
s: cost yes; exclusion yes; confidence yes; childcare partly; physical_access no
x: text=pt-BR beginner=yes regular=yes venue=outdoors exposure=2 activity=yes by=visited_by_staff fac=peer

@coast-coders | peer_circle | Mombasa/Nyali | sw native, en C1 | Saturdays 10:00-13:00 | 12/15 | free | in_person
t: Coast Girls Code
k: Android; learning to code; shared laptops
d: Six laptops for twelve girls, so you always have a neighbor who asks what you're doing. We build things the market
  women ask for. Transport refund 100 bob.
c: mombasa-mobile yes; girl-android yes
n: women_only
s: cost yes; transport yes; digital yes; confidence yes; exclusion yes
x: beginner=yes regular=yes venue=library step=? exposure=2 activity=yes by=organiser fac=peer
  framing=identity_focused

@oldtown-verses | library | Mombasa/Old Town | sw native, en C1, ar B1 | Fridays 16:30-18:00 | 16/30 | free |
  in_person
t: Usiku wa Mashairi
k: swahili poetry; reading aloud; writing in two languages
d: Poems on the library roof before sunset. Three new readers each time, three minutes each, applause is compulsory.
c: poet-teacher yes; story-writer no
s: confidence partly; cost yes; language yes
x: beginner=yes regular=yes venue=library step=no exposure=3 by=organiser fac=peer

@vypin-stitch | informal | Kochi/Vypin | ml native, en B1 | Mondays 14:00-16:00 | 10/15 | free | in_person
t: Verandah Stitching
k: embroidery; sewing for income; neighbours
d: On the tailor's verandah while the rice cooks. We compare rates so that nobody sells a blouse for the price of the
  thread.
c: tailor-kochi yes
n: women_only
s: language yes; cost yes; confidence yes; childcare partly; norms yes; digital yes
x: beginner=yes regular=yes venue=home exposure=1 activity=yes by=member_pulse fac=none

@port-lecture | library | Kochi/Mattancherry | ml native, en C1 | 2nd Sunday of the month 16:00-17:30 | 35/60 | free |
  in_person
t: Sunday Questions at the Reading Room
k: public service exams; statistics; higher studies
d: Monthly lecture and question hour for students and job seekers. Topic is put up on the board outside. Entry free.
  NOTE: suspended until the roof is repaired.
c: stats-office yes; school-head yes
s: cost yes; confidence partly; unspoken_rules yes
x: beginner=yes regular=yes venue=library step=yes exposure=4 by=organiser fac=peer suspended=yes

@atelier-deux-rives | cultural | Marseille | fr native, ar native | Thursdays 18:30-20:30 | 12/12 | low | in_person
t: Deux Rives, une table
k: écriture en arabe et en français; traduction; lecture à voix haute
d: On écrit vingt minutes, on lit, on mange. Les fautes sont les bienvenues, c'est souvent par là que ça commence.
  Complet jusqu'à l'automne, mais on tient une liste.
c: translator yes
s: language yes; cost partly; confidence yes; childcare no
x: text=fr beginner=yes regular=yes venue=cafe exposure=2 activity=yes by=organiser fac=peer

@cuidadoras-valencia | advocacy | Valencia | es native, ro B2 | Sundays 17:00-19:00 | 24/40 | free | in_person
t: Sin Nosotras Se Para
k: derechos de las trabajadoras del hogar; nóminas; asociación
d: Nos juntamos el único rato libre que tenemos. Primero las noticias, luego una nómina en la pizarra, luego merienda.
  Hay ludoteca improvisada con los primos mayores.
c: lawyer-valencia yes; domestic-rights yes
s: childcare partly; cost yes; language yes; confidence yes; time partly
x: text=es beginner=yes regular=yes venue=centre exposure=3 by=organiser fac=peer framing=topic_focused

@dvir-odesa | neighbours | Odesa | uk native | Saturdays 11:00-12:30 | 13/30 | free | in_person
t: Наш двір
k: сусіди; звернення до міста; безбар'єрність
d: Збираємось під каштаном, взимку в бібліотеці. Складаємо листи, міряємо бордюри рулеткою, п'ємо чай з термоса. Хто
  вміє малювати плакати, потрібен учора.
c: elections-odesa yes
s: cost yes; confidence yes; physical_access yes; safety partly
x: text=uk beginner=yes regular=yes venue=outdoors step=yes exposure=2 by=unknown fac=peer
"""

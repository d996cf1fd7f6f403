"""Mentors from public administration, law and social work. Format: see `persona.py`. All people are invented."""

MENTORS = """
@policy-grade7 | Bristol/Bishopston | pub | Grade 7 | w | 35-44 | en native | lu e1 | 2 | 10-19
j: Policy adviser (transport), central government, remote
o: civil service applications, the behaviours and how to write them; briefing a minister on one page; changing
  department when you are stuck; managing for the first time
f: people from working-class backgrounds who think the civil service isn't for them, part-time staff
h: Giving back. Also counts towards my development plan
w: data analysis beyond pivot tables
i: parkrun; quilting; trains; union choir
l: first in family at university; came out at work

@council-planner | Bristol/Totterdown | pub | Principal Officer | m | 45-54 | en native, ur C1, pa B2 | e2 e4 | 3 |
  20+
j: Principal planning officer, city council
o: how a council decides things and where to push; job applications with person specifications; chairing public
  meetings; translating jargon into English
f: Residents who turned up angry and stayed. Community organisers, new graduates
h: To hear from neighbourhoods before the consultation, not after
i: cricket; community gardens; old maps; badminton
l: first in family at university

@housing-officer | Baltimore/Waverly | pub | Supervisor | w | 55-64 | en native | pm e3 | 2 | 20+
j: Supervisor, tenant services, city housing office
o: tenant rights, who to call and what to say; getting a city job without knowing anybody; customer service under
  pressure; resumes for people returning after years at home
f: Mamas going back to work. Grandmamas too.
h: fellowship, and staying in touch with younger folks
w: that PowerPoint stuff; Spanish greetings
i: gospel choir; line dancing; sweet potato pie; Orioles games
l: raised children alone; returned after a break

@amt-hh | Hamburg/Mitte | pub | A12 | w | 35-44 | de native, fa C1, en B2 | lu e3 e4 | 2 | 10-19
j: Sachgebietsleitung, Bezirksamt
o: Bewerbung im öffentlichen Dienst mit ausländischem Abschluss; Behördendeutsch lesen und zurückschreiben; erste
  Führungsrolle im Amt; Widerspruch einlegen ohne Drama
f: Menschen mit Einwanderungsgeschichte, die in die Verwaltung wollen, da fehlen wir
h: Den Blick von außen. Ich bin nach fünfzehn Jahren betriebsblind.
w: agile Methoden, falls es die wirklich gibt
i: persische Küche; Volleyball; Gedichte; Flohmärkte
l: first in family at university; only one in my team
x: text=de

@hr-balt | Baltimore/Mount Vernon | biz | HR Director | w | 45-54 | en native, fr B1 | lu pm | 0 | 20+
j: HR director, regional museum group
o: what really happens to your application; asking for flexible hours; returning from leave; salary bands and how to
  read them
f: Mid-career people who are about to accept the first offer
h: on a pause this term, elder care. Put me back in September please.
i: book club; pottery; theatre ushering
l: cared for a relative

@union-rep | Hamburg/Altona | law | Gewerkschaftssekretärin | w | 45-54 | de native, en B2, pl C1 | e1 e4 sa | 2 | 20+
j: Gewerkschaftssekretärin, Hafen und Logistik
o: Rechte am Arbeitsplatz, auch ohne Vertrag in der Hand; einen Betriebsrat gründen; Lohnabrechnung verstehen; Reden
  halten vor der Halle
f: Leute in Schichtarbeit, Zeitarbeit, Reinigung. Po polsku też.
h: Ich höre zu selten von denen, die nicht in der Gewerkschaft sind.
i: Chor; Wandern; Krimis; Doppelkopf
l: only one in my team
x: text=de

@social-worker | Bristol/Knowle | law | Senior practitioner | w | 35-44 | en native | lu e2 | 1 | 10-19
j: Senior social worker, adult services
o: social work degree routes when you already have kids; talking to services about your own family without it becoming
  a case; boundaries; supervision skills
f: Carers, care leavers, parents of disabled children thinking about training
h: keep my practice educator hours up
w: how to run a small group that people come back to
i: cold water swimming; poetry; dogs; pub quizzes
l: cared for a relative; raised children alone

@procurement-nairobi | Mombasa/Tudor | pub | Deputy director | m | 45-54 | sw native, en C2 | e2 e5 | 2 | 20+
j: Deputy director, county procurement
o: how a small firm wins a public contract; tender documents, read together line by line; public finance basics;
  promotion boards
f: women-owned and youth-owned businesses who gave up on tenders after the first one
h: I would like to learn from other counties and countries how they keep it clean
i: long-distance running; draughts; church finance committee; bees
l: first in family at university

@lawyer-valencia | Valencia | law | Asociada sénior | w | 35-44 | es native, ca C2, en B2, fr B1 | e2 e3 | 1 | 10-19
j: Abogada laboralista, despacho cooperativo
o: contratos y despidos, explicado para no juristas; homologar un título extranjero en España; hablar en público sin
  leer; denunciar acoso en el trabajo y seguir entera
f: Mujeres migradas, trabajadoras del hogar, gente que firma sin leer porque no le dejan
h: Salir del papel. Quiero volver a tratar con personas y no con expedientes.
w: inglés jurídico hablado
i: valencianas y otras paellas; montaña; teatro aficionado; ganchillo
l: only one in my team
x: text=es

@elections-odesa | Odesa | pub | Head of unit | w | 55-64 | uk native, ru C2, en B1 | am e3 | 1 | 20+
j: Head of citizen services unit, regional administration
o: як писати звернення до установ, щоб відповіли; державна служба: конкурс і перші місяці; організувати людей у дворі;
  керувати командою в непевні часи
f: Молодь і жінки, які хочуть щось змінити у своїй громаді
h: Дізнатися, як це роблять в інших портових містах
i: вишивка; хор; морські прогулянки; шахи
x: text=uk

@stats-office | Kochi/Kakkanad | pub | Joint director | m | 55-64 | ml native, en C2 | e2 e4 su | 2 | 20+
j: Joint director, state statistics office
o: survey design and how not to ask a leading question; official statistics for beginners; public service exams;
  moving into public health data from a clinical job
f: students preparing for public service or higher studies, any background
h: To keep teaching, I was a lecturer once.
w: Python, my juniors keep mentioning it
i: Carnatic music; chess; birdwatching; filter coffee
"""

"""Mentors from arts, media, food and small business. Format: see `persona.py`. All people are invented."""

MENTORS = """
@illustrator | Bristol/Stokes Croft | art | self-employed | w | 25-34 | en native, yue B2 | e1 e3 sa | 2 | 5-9
j: Illustrator, own studio
o: pricing illustration work and sticking to it; agents, contracts, usage rights; making a portfolio from work nobody
  paid you for; drawing every day when you have a day job
f: beginners, self taught people, students building a first portfolio
h: working alone is making me weird. want peers, students, anything with a face
w: animation basics; tax return before January
i: zines; life drawing; ramen; roller skating; sea shanties
l: first in family at university

@stage-tech | Bristol/Old Market | art | Head of Lighting | w | 35-44 | en native | am pm | 1 | 10-19
j: Head of lighting, a mid-size theatre
o: stage lighting and rigging for beginners; getting from volunteer to paid crew; working at height tickets; being a
  woman on a get-out at 2am
f: practical people who like being in the dark
h: more trained crew in the city, honestly we can't hire enough
i: motorbikes; knitting; ghost stories; karaoke
l: only one in my team; came out at work

@translator | Marseille | art | Indépendante | w | 35-44 | fr native, ar native, en C1 | am e2 e4 | 2 | 10-19
j: Traductrice et interprète, indépendante
o: vivre de la traduction sans brader ses tarifs; interprétariat en milieu social; écrire entre deux langues; الترجمة
  بين العربية والفرنسية، من أين تبدأ
f: Les personnes bilingues qui traduisent gratuitement pour toute la famille et ne savent pas que c'est un métier
h: J'aimerais qu'on me relise pour une fois, et rencontrer des gens d'autres ports
w: arabe de Syrie, les expressions du quotidien
i: poésie; natation en mer; thé à la menthe et longues conversations; cinéma de quartier
l: works in a second language; raised children alone
x: text=fr

@musician-hh | Hamburg/St. Pauli | art | freiberuflich | tm | 35-44 | de native, en C1 | lu pm e2 | 2 | 10-19
j: Sound engineer and bass player
o: home recording on a budget; running live sound in small rooms; KSK, GEMA and the rest of the paperwork jungle;
  coming out at work when work is a tour bus
f: trans and queer people in music and tech crews, late starters
h: meet people outside my usual crew
w: video editing; cooking that isn't pasta
i: vinyl; dub; repair cafés; long walks along the Elbe
l: came out at work; changed career after 30

@museum-balt | Baltimore/Hampden | art | Curator | w | 35-44 | en native, es B1 | pm e1 | 1 | 10-19
j: Curator of community collections, harbor museum
o: oral history interviews; writing exhibition texts; getting into museums without a master's; grant writing for arts
  projects
f: Neighborhood historians, artists, people with a box of photographs under the bed
h: community contacts for an exhibition in 2027
i: thrift stores; pottery; ghost stories; local history
l: first in family at university

@film-editor | Santos/Ponta da Praia | art | Sênior | w | 25-34 | pt native, en B2 | e1 e4 pm | 1 | 5-9
j: Montadora, produtora independente
o: edição de vídeo do celular ao DaVinci; contar uma história em dois minutos; editais de cultura, do projeto à
  prestação de contas; cobrar por trabalho criativo
f: quem filma tudo no celular e acha que não é cineasta
h: conhecer histórias que não chegam na produtora. e praticar meu inglês com gente paciente
w: inglês para festivais; roteiro
i: cinema de rua; surfe; fotografia analógica; samba
l: only one in my team
x: text=pt-BR

@poet-teacher | Mombasa/Old Town | art | Lecturer | w | 45-54 | sw native, en C2, ar B1 | e1 e3 sa | 2 | 20+
j: Lecturer in literature, poet
o: publishing your first poems or stories; writing in your second language without sounding like a form; reading in
  front of people; university applications for adults
f: shy writers. The loud ones find their own way
h: an exchange with writers from other countries
w: making a podcast; French
i: swahili poetry; taarab music; sea walks at low tide; tea
l: first in family at university

@cafe-owner | Bristol/Gloucester Road | own | self-employed | w | 45-54 | en C1, tr native, ku C1 | am pm | 2 | 10-19
j: Owner, a small café with too many plants
o: opening a café or food stall, the real numbers; food hygiene rating, HACCP paperwork; council licences and market
  pitches; recruiting and training staff
f: women with a recipe and a worry. Türkçe konuşabiliriz
h: I learn my customers' names, now I'd like to know their plans. also someone to tell me about Instagram
w: social media that doesn't eat the evening
i: backgammon; growing herbs; halay dancing; feeding people
l: started over in a new country; raised children alone; works in a second language

@bookkeeper | Bristol/Brislington | biz | Chartered, self-employed | w | 55-64 | en native | am lu e1 | 3 | 20+
j: Bookkeeper for sole traders
o: bookkeeping; first tax return as self-employed; what to charge and how to chase a late invoice; deciding between
  sole trader and limited company
f: Anyone with a carrier bag of receipts. No judgement, I have seen worse.
h: To give something back to local business
i: canal walks; crosswords; ballroom dancing; baking for the hospice
x: cad=monthly

@baker-hh | Hamburg/Ottensen | own | Inhaberin | w | 35-44 | de native, fr C1, en B2 | pm su | 2 | 10-19
j: Bäckerei-Inhaberin, Handwerksbäckerei am Kai
o: ein Lebensmittelgewerbe gründen; Kalkulation, damit am Monatsende was bleibt; Mitarbeitende finden und halten;
  Gründungszuschuss und Businessplan
f: Gründerinnen im Handwerk, besonders alleinerziehende. Abends schlafe ich, bitte nachmittags
h: Austausch auf Augenhöhe, mein Steuerberater hört mir nicht richtig zu
w: Marketing ohne Agentur
i: Radreisen; Brotgeschichte; Stand-up-Paddeln; Chor
l: raised children alone; changed career after 30
x: text=de

@tailor-kochi | Kochi/Vypin | own | Proprietor | w | 35-44 | ml native, en B2, hi B2 | e1 e3 e5 | 2 | 10-19
j: Proprietor, Vypin Stitch collective
o: running a women's sewing collective; selling clothes online from home; costing a garment; microloans, when to take
  one and when to run
f: housewives (so called) who want their own income
h: want to know how people sell abroad, shipping and all that
w: English for customer emails; product photography
i: embroidery; film songs; rangoli; growing chillies on a windowsill
l: raised children alone

@catering-balt | Baltimore/Cherry Hill | own | Owner-operator | w | 45-54 | en native | lu pm sm | - | 10-19
j: Owner-operator, Big Auntie's Kitchen
o: catering from your home kitchen, legally; pricing a menu; getting your first three corporate customers; food truck
  permits
f: home cooks and caterers in their first three years
h: I never had a mentor. I had bills. Would like to be what I didn't have. Everybody calls me {me}, no ma'am please.
w: QuickBooks
i: crab boils; gospel choir; line dancing; thrift stores
l: raised children alone; first in family at university

@hairdresser | Valencia | hos | Autónoma | w | 45-54 | es native, ro C2 | am e1 | 1 | 20+
j: Peluquera, salón propio
o: montar una peluquería con poco dinero; darse de alta de autónoma sin sustos; trato con la clientela difícil;
  alquilar una silla en vez de un local
f: chicas y chicos con oficio que trabajan para otros y quieren ser su propio jefe
h: me gusta la gente, así de simple. Y aprender algo de internet que mi hija no tiene paciencia
w: redes sociales para el salón; inglés básico
i: bailes de salón; novelas románticas; paseos por la playa; punto y ganchillo
l: started over in a new country
x: text=es

@coop-santos | Santos/Macuco | own | Coordenadora | w | 55-64 | pt native, es B1 | am e3 sa | two | 20+
j: Coordenadora, cooperativa de costureiras e catadoras
o: formar uma cooperativa e manter em pé; economia solidária; falar com prefeitura e banco sem abaixar a cabeça;
  mediação de briga em grupo
f: Grupo de mulher que já se ajuda e não sabe que isso é organização
h: ver as moças novas pegarem o microfone. eu já falei demais
w: mexer em planilha; gravar vídeo para divulgar
i: horta comunitária; reza e festa da padroeira; crochê; forró
l: raised children alone
x: text=pt-BR

@leader-lgbt | Bristol/Kingsdown | biz | Director | tw | 45-54 | en native, de B2 | e2 lu | 1 | 20+
j: Operations director, a logistics firm
o: being the first out person in senior management; negotiating a promotion; setting up an employee network that
  lasts; writing board papers
f: LGBTQIA+ people at the point where they think they have to choose between being out and moving up
h: I had to work it out alone, in a worse decade. I get energy from people who won't have to.
w: bass guitar
i: hill walking; vinyl; tabletop wargames; opera in the cheap seats
l: came out at work; only one in my team
"""

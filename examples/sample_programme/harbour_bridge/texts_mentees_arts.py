"""Mentees from arts, media, food and small business. Format: see `persona.py`. All people are invented."""

MENTEES = """
@doodler | Bristol/Stokes Croft | hos>art | just starting out | w | 18-24 | en native, yue C1 | e1 e3 sa | 0-1
g[career_move 12]: get paid for one drawing. One. by a stranger
g: put a portfolio together
w: pricing; contracts; digital inking
o: bubble tea; drawing your pet
i: zines; ramen; roller skating; anime
l: first in family at university
b: confidence strong; cost some
s: gender_identity nice, lived_experience nice
x: rung=2

@lighting-volunteer | Bristol/Old Market | art | just starting out | w | 25-34 | en native | am pm | 0-1
g[career_move 12]: from unpaid lighting volunteer to crew with a payslip
g: get working at height ticket and IPAF
w: rigging; lighting desks; asking about money
o: sewing costumes; tea rounds
i: knitting; karaoke; ghost stories
b: cost some; exclusion some
s: gender_identity important
x: rung=3

@second-language-poet | Marseille | art | mid-career | w | 35-44 | ar native, fr B2, en B1 | e2 e4 | 5-9
g[community 12]: publier un recueil en deux langues, l'arabe à droite, le français à gauche
g: lire devant des gens sans que la feuille tremble
w: édition; traduction; lecture à voix haute
o: calligraphie; dictées pour adultes
i: poésie; calligraphy; thé à la menthe et longues conversations
l: works in a second language; started over in a new country
b: confidence some
s: lived_experience nice
x: text=fr rung=2

@bass-late | Hamburg/Ottensen | tea>art | senior | m | 55-64 | de native, en B1 | lu pm e2 | 20+
g[skill 12+]: Grundlagen Tontechnik, live und Aufnahme, fuer unsere Band
g: ein Konzert in einem Raum mit mehr als zwölf Leuten
w: Live-Sound; Aufnahme zu Hause
o: Mathe-Nachhilfe; Wandertouren planen
i: vinyl; Wandern; Doppelkopf
b: digital some
x: text=de

@archive-aunt | Baltimore/Cherry Hill | pub>art | retired | w | 65-74 | en native | pm e1 | 20+
g[community 12]: Get the church photographs identified while the people who know the names are still with us
g: write it up so the young ones will read it
w: oral history; scanning; grant writing
o: church history; hats; patience
i: local history; gospel choir; sweet potato pie
b: digital strong; transport strong
x: rung=2 travel=20

@phone-filmmaker | Santos/Ponta da Praia | hos>art | just starting out | nb | 18-24 | pt native, en B1 | e1 e4 pm |
  0-1
g[skill 12]: terminar meu curta sobre as balsas, filmado todo no celular
g: entender edital de cultura sem precisar de um primo advogado
w: edição de vídeo; editais; som
o: grafite; conhecer cada beco da cidade
i: cinema de rua; fotografia analógica; surfe; samba
l: came out at work
b: cost strong; safety some
s: gender_identity important, lived_experience nice
x: text=pt-BR rung=3

@story-writer | Mombasa/Old Town | sal>art | early career | w | 25-34 | sw native, en C1 | e1 e3 sa | 2-4
g[skill 12]: finish six stories and send them to real magazines, not only WhatsApp
g: Read my work in front of an audience
w: editing; submissions; English punctuation
o: henna; telling stories to children
i: swahili poetry; sea walks at low tide; tea
b: confidence strong
s: gender_identity nice
x: rung=1

@stall-spices | Bristol/Gloucester Road | hos>own | not working right now | w | 35-44 | tr C1, ku native, en B1 | am
  pm | 5-9
g[business 12]: küçük bir yemek tezgâhı açmak istiyorum, pazarda, kendi tariflerimle
g: understand hygiene papers, the words are very difficult
w: food hygiene; prices; English for customers
o: dolma; Kurdish songs; growing herbs
i: halay dancing; growing herbs; feeding people
l: started over in a new country; raised children alone
b: language strong; childcare strong; cost some
s: lived_experience important, gender_identity important
x: text=tr rung=1 travel=30

@candle-receipts | Bristol/Bedminster | own | running a business | w | 25-34 | en native | lu e1 | 2-4
g[business 3]: First self assessment tax return
g: work out if my candles make money or I do it for the smell
w: bookkeeping; pricing; chasing invoices
o: soap making; market stall gossip
i: car boot sales; sea shanties; crime novels
b: digital some; time some
x: rung=3

@kitchen-auntie | Baltimore/Cherry Hill | hos>own | early career | w | 35-44 | en native | lu pm sm | 5-9
g[business 12]: Turn my Sunday plates into a legal catering buisness. Right now I cook for 40 to 60 people every week
  out of my own kitchen, cash, and I want the permit, the insurance, a menu with real prices and one office that
  orders every Friday
g: Quit undercharging family. And church. And friends of church
w: permits; menu pricing; QuickBooks
o: mac and cheese; braiding hair
i: gospel choir; line dancing; thrift stores
l: raised children alone
b: cost strong; childcare some
s: gender_identity important, lived_experience important

@brot-gruenden | Hamburg/Altona | hos>own | mid-career | w | 35-44 | de native | pm su | 10-19
g[business 12+]: Eröffnung einer eigenen Konditorei, zuerst im Nebenerwerb
g: Kalkulieren lernen, ich backe nach Gefühl und bezahle nach Panik
w: Businessplan; Gründungszuschuss; Personal
o: Torten; Vorlesen
i: Brotgeschichte; Radreisen; Flohmärkte
l: raised children alone
b: childcare strong; time strong
s: lived_experience important, gender_identity nice
x: text=de rung=2

@sewing-first | Kochi/Vypin | hos>own | just starting out | w | 25-34 | ml native, en B1 | e1 e3 e5 | 0-1
g[business 12]: stitch blouses at home and keep the money in my own account
g: talk to customers on WhatsApp in English little bit
w: costing; online shop; English
o: mehndi; fish curry
i: embroidery; film songs; rangoli
b: digital some; language some; confidence some; norms some
s: gender_identity important
x: rung=1 need=women_only

@silla-propia | Valencia | hos>own | early career | m | 25-34 | es native, ro B1 | am e1 | 5-9
g[business 12]: alquilar mi propia silla y dejar de regalar comisiones
g: aprender a llevar las cuentas de autónomo
w: altas y papeles; redes sociales
o: degradados; cortes a domicilio para gente mayor
i: bailes de salón; paseos por la playa; karaoke
l: came out at work
b: cost some
s: gender_identity nice, lived_experience nice
x: text=es rung=3

@catadoras | Santos/Macuco | own | running a business | w | 45-54 | pt native | am e3 | 20+
g[leadership 12]: assumir a presidência da associação sem perder as amigas
g: fazer a prestação de contas bater na primeira vez
w: planilha; falar com a prefeitura; reunião
o: separar material; forró; reza
i: horta comunitária; forró; reza e festa da padroeira
l: raised children alone
b: digital strong; confidence some; exclusion some
s: lived_experience nice
x: text=pt-BR rung=2

@organ-tuner | Hamburg/Eimsbüttel | art | senior | m | 45-54 | de native, en B2 | am | 20+
g[skill 12+]: historische Pfeifenorgeln intonieren, ich stimme bisher nur Klaviere
g: Kontakt zu einer Orgelbauwerkstatt
w: Intonation; Orgelbau
o: Klavierstimmen; Geduld mit Kirchenvorständen
i: Chor; Wandern; Modelleisenbahn
x: text=de modes=in_person travel=60 hard=no_offer_in_the_programme

@beekeeper-skye | Isle of Skye | far>own | mid-career | w | 45-54 | en native, gd B2 | am | 10-19
g[business 12+]: make the bees pay for themselves, heather honey, maybe courses
g: in person please, I have had enough of screens
w: selling to shops; queen rearing
o: swarm catching; Gaelic; chainsaw maintenance
i: folk sessions; knitting on night trains; bees
b: place blocking; transport strong; digital strong
x: modes=in_person travel=30 rung=3 hard=in_person_only_and_nobody_near
"""

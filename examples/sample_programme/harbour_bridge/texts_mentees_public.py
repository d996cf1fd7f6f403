"""Mentees from public administration, law and social work, and newcomers. Format: see `persona.py`. All invented."""

MENTEES = """
@fast-stream | Bristol/Totterdown | sal>pub | early career | w | 25-34 | en native, bn B2 | e1 lu | 2-4
g[career_move 12]: apply for the civil service again, got rejected at the sift and the feedback was one sentence
g: writing personal statements
w: civil service behaviours; interviews; policy basics
o: upselling, sadly I'm great at it; Bengali songs
i: quilting; pub quizzes; badminton
l: first in family at university
b: unspoken_rules strong; confidence some
s: lived_experience important, gender_identity nice

@first-manager | Bristol/Bishopston | pub | mid-career | w | 35-44 | en native | lu e1 | 5-9
g[leadership 3]: manage somebody who applied for my job and didn't get it
g: progress to Grade 6 while staying part time (3 days)
w: managing part-time; difficult feedback; briefing upwards
o: proofreading; making a filing system people use
i: trains; parkrun; baking
l: came out at work
b: time strong; childcare some
s: lived_experience important, gender_identity nice
x: rung=3 modes=video,phone

@clerk-balt | Baltimore/Waverly | pub | early career | w | 45-54 | en native | pm e3 | 10-19
g[career_move 12]: move up from front desk clerk to caseworker
g: finish the associate's degree I started in 2003
w: PowerPoint; test taking; asking for what I want
o: hymns; knowing who to call downtown
i: gospel choir; sweet potato pie; line dancing; Orioles games
l: raised children alone; first in family at university
b: time some; cost some; confidence some
s: lived_experience important, gender_identity nice

@amt-quer | Hamburg/Mitte | law>pub | mid-career | m | 35-44 | fa native, de C1, en B2 | lu e3 e4 | 5-9
g[career_move 12]: Quereinstieg in die Verwaltung, Jura aus Teheran zählt leider nur halb
g: ein Bewerbungsschreiben auf Amtsdeutsch, das nicht nach Übersetzung klingt
w: Verwaltungsrecht; Auswahlgespräche; Netzwerk
o: Persisch; Verträge lesen; Schach
i: Volleyball; Gedichte; Schach; Flohmärkte
l: started over in a new country; works in a second language
b: unspoken_rules strong; exclusion some
s: lived_experience important
x: text=de

@works-council | Hamburg/Altona | shp | mid-career | w | 45-54 | pl native, de B2 | e1 sa | 10-19
g[rights_advocacy 3]: Betriebsrat bei uns im Lager gründen, wir sind 60 Leute, 11 Sprachen
g: reden vor allen. Ich kann nur reden vor drei
w: Arbeitsrecht; Rede halten; Lohnabrechnung
o: Polnisch; Nähen; zuhören
i: Wandern; Chor; Krimis
l: works in a second language
b: confidence some; language some; time some
s: lived_experience nice
x: text=de rung=2

@tenant-org | Bristol/Knowle | car>law | early career | w | 35-44 | en native | e2 sm | 2-4
g[rights_advocacy 12]: get our block to turn up together about the damp, not one by one
g: get better at chairing meetings
g: find out if social work training would have me, with my history of shouting at social workers
w: public speaking; how the council works; degree routes
o: organising a street party; decorating cakes
i: baking; dogs; community gardens; pub quizzes
l: raised children alone; first in family at university
b: childcare some; cost strong
s: lived_experience important
x: rung=3

@tender-first | Mombasa/Nyali | own>pub | running a business | w | 35-44 | sw native, en C1 | e2 e5 | 5-9
g[business 12]: win one county tender for school furniture, we lost four and nobody says why
g: Improve cash flow, goverment customers pay after 180 days
w: tender documents; cash flow; lobbying without bribes
o: furniture finishing; Swahili proverbs
i: church finance committee; netball; football
l: raised children alone
b: exclusion strong; cost some
s: gender_identity important

@domestic-rights | Valencia | car>law | mid-career | w | 45-54 | es native, ro B1 | e2 e3 | 10-19
g[rights_advocacy 12]: formar una asociación de trabajadoras del hogar en mi barrio
g: entender mi nómina, la mía y la de mis compañeras
g: hablar mejor en público
w: derecho laboral; hablar en público; ofimática
o: cocinar para muchos; cuidar; organizar cajas de resistencia
i: bailes de salón; punto y ganchillo; montaña
l: started over in a new country; raised children alone
b: time strong; confidence some
s: lived_experience very important, gender_identity nice
x: text=es rung=2

@titulo-trabajo | Valencia | law | not working right now | w | 25-34 | es native, en B2 | e2 e3 | 2-4
g[career_move 12]: homologar mi título de trabajo social y no envejecer en la espera
g: hacer voluntariado en algo útil mientras tanto
w: homologación; inglés oral; catalán
o: acompañar a trámites; guitarra
i: teatro aficionado; montaña; ganchillo
l: started over in a new country
b: cost some; unspoken_rules some
s: lived_experience important, gender_identity nice
x: text=es

@youth-council-odesa | Odesa | pub | student | w | 18-24 | uk native, en B1 | am e3 | 0-1
g[rights_advocacy 12]: зробити пандуси біля шкіл у нашому районі, не на папері
g: говорити з чиновниками так, щоб не відмахувались
w: звернення до установ; проєктна заявка; публічний виступ
o: сторіз і плакати; гра на гітарі
i: морські прогулянки; настільні ігри; хор
b: exclusion some; place some
x: text=uk rung=3

@stats-grad | Kochi/Kakkanad | pub | just starting out | w | 18-24 | ml native, en C1 | e2 e4 su | 0-1
g[career_move 12]: clear the public service exam on my second and last attempt
g: understand sampling beyond the formula
w: exam strategy; survey design; Python
o: Carnatic singing basics; neat handwriting
i: Carnatic music; chess; filter coffee
l: first in family at university
b: confidence some; cost some
s: gender_identity nice

@speak-up-lgbt | Bristol/Kingsdown | biz | mid-career | nb | 25-34 | en native | e2 lu | 5-9
g[leadership 12]: go for the ops manager post and be out, both at once
g: set up an LGBTQ+ staff network, HR said yes but there's no budget and nobody to ask how others did it
w: promotion; board papers; handling a hostile room
o: event planning; tarot, for fun
i: vinyl; tabletop wargames; hill walking; karaoke
l: came out at work; only one in my team
b: exclusion some; safety some
s: gender_identity very important, lived_experience important
x: rung=3

@trans-warehouse | Baltimore/Canton | shp | early career | tw | 25-34 | en native, es B1 | pm e3 su | 2-4
g[wellbeing 12]: have one place in the week where I'm not the topic
g: Move from night picking to a dispatch / coordinator job
w: logistics software; interview practice
o: forklift gossip; nail art
i: roller derby; anime; thrift stores
l: came out at work
b: safety strong; exclusion strong; transport some
s: gender_identity very important, lived_experience important
x: rung=1 need=alcohol_free sup=both

@phone-freeze | Bristol/Montpelier | hos | early career | w | 25-34 | es native, en B1 | am pm | 2-4
g[confidence 3]: make a phone call in English without writing the script first
g: change the kitchen for a reception desk
w: English on the phone; pronunciation; small talk
o: Spanish conversation; tortilla, the real one
i: Spanish films; salsa; bird feeders
l: started over in a new country; works in a second language
b: language some; confidence strong
s: lived_experience nice
x: rung=1 travel=30

@syrian-baker | Marseille | hos>own | running a business | m | 45-54 | ar native, fr A2 | am | 20+
g[business 12]: أفتح محلاً للحلويات الشامية، عندي الخبرة وينقصني الورق
g: أتعلم الفرنسية للزبائن والضرائب
w: français du commerce; comptabilité
o: baklava; backgammon
i: tea; backgammon; natation en mer
l: started over in a new country
b: language strong; cost some; unspoken_rules strong
s: lived_experience important
x: text=ar rung=2 travel=40

@dari-mother | Hamburg/Wilhelmsburg | hos | not working right now | w | 35-44 | fa-AF native, de A1 | am | 0-1
g[community 3]: sprechen Deutsch mit eine Frau. Kinder Schule, ich allein zu Haus
g: nähen fur Geld
w: Deutsch; Computer
o: nähen; bolani
i: Nähen; Kinder; Garten
b: language blocking; childcare strong; digital strong; norms strong
s: gender_identity important
x: text=de rung=0 need=women_only,modest modes=in_person travel=20 hard=no_common_language_in_her_hours

@quiet-widow | Bristol/Brislington | biz | retired | w | 65-74 | en native | am pm | 20+
g[community 12]: Learn to go places on my own. We always went as two.
g: learn video calling and photos on the laptop
w: video calls; photographs on the computer
o: accounts, I did them for thirty-one years; pastry
i: ballroom dancing; canal walks; crosswords
l: cared for a relative
b: confidence strong; digital some
x: rung=0 sup=both travel=30

@newdad-time | Baltimore/Mount Vernon | biz | mid-career | m | 35-44 | en native | lu | 10-19
g[wellbeing 3]: four day week, or at least one evening where I don't open the laptop after bath time
g: ask for parental leave at a firm where no man has
w: negotiation; HR stuff
o: spreadsheets; bedtime stories in voices
i: book club; baseball; jazz records
b: time strong; childcare some

@anon-short | Bristol/Easton | hos | just starting out | - | - | en native | e2 | 0-1
g: dunno yet. a job that isn't nights
x: adult=blank rung=1 hard=adulthood_not_attested

@almost-empty | - | - | - | - | - | - | - | -
x: adult=yes hard=nearly_empty_answer mail=yes
"""

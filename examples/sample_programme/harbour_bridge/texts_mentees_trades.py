"""Mentees from trades, ships and ports. Format: see `persona.py`. All people are invented."""

MENTEES = """
@sparky-newcomer | Bristol/Easton | ele | not working right now | w | 25-34 | uk native, pl C1, en B1 | am sm | 5-9
g[career_move 12]: I was electrician six years at home, here they ask for card. Which card and how much cost?
g: to learn English words of the tools and of the site, my English is from school and television
g: find job with hours of nursery, 9 to 14
w: 18th Edition; site English; driving here
o: wiring houses; borscht; Ukrainian conversation
i: embroidery; narrowboats; playgrounds with coffee; motorbikes
l: started over in a new country; only one in my team; raised children alone
b: language strong; childcare strong; cost some
s: lived_experience important, gender_identity important
x: rung=1 travel=30 modes=in_person,video sup=both mem=yes

@welder-papers | Bristol/Avonmouth | met | mid-career | m | 35-44 | ro native, en B1 | e2 e4 sm | 10-19
g[career_move 3]: I moved here in March and my welding papers don't count, how do I start over?
g: earn what I earned before, not the helper money
w: welding test; English on phone; reading drawings
o: TIG on stainless; making gates
i: sea fishing; football; grilling
l: started over in a new country; works in a second language
b: language some; cost some; unspoken_rules some
x: rung=2 travel=40

@apprentice-only | Bristol/Kingswood | bui | student | w | 18-24 | en native | e1 e3 sa | 0-1
g[confidence 12]: finish my carpentry apprenticeship without becoming one of the lads to survive it
g: Answer back. once. properly
w: hand tools; standing up for myself; pricing a job
o: gaming; fixing bikes
i: roller skating; folk sessions; motorbikes
l: only one in my team
b: exclusion strong; confidence some
s: gender_identity important, lived_experience important
x: rung=2

@crane-dream | Hamburg/Veddel | sal>shp | early career | w | 25-34 | de native, tr C1 | pm e5 sa | 2-4
g[career_move 12]: Kranfahrerin werden. Meine Mutter lacht, meine Oma nicht
g: den Staplerschein machen ohne dass der Chef es erst genehmigen muss
w: Hafenlogistik; Bewerbung; Schichtmodelle
o: Kasse machen mit Tempo; Türkisch
i: Boxen; Grillen am Kanal; türkische Serien
l: first in family at university
b: exclusion some; cost some
s: gender_identity nice, lived_experience nice
x: text=de rung=3

@lorry-licence | Bristol/Lawrence Hill | hos>shp | not working right now | w | 35-44 | so native, ar C1, en A2 | am |
  0-1
g[career_move 12]: drive lorry. I drive already in my country small truck, with goats!
g: theory test, the English is hard for me, the driving not
w: lorry licence; theory test; reading English
o: cooking for weddings; Somali; henna
i: henna; netball; mosque bake sale; tea
l: started over in a new country; raised children alone
b: language strong; childcare some; cost strong; norms some
s: gender_identity important, lived_experience nice
x: rung=1 need=women_only,alcohol_free,prayer_space travel=30

@plumber-helper | Baltimore/Highlandtown | bui | early career | m | 25-34 | es native, en A2 | e3 sm | 2-4
g[career_move 12+]: sacar mi licencia, llevo cuatro años de ayudante y el que firma es otro
g: aprender inglés de plomería y de cobrar
g: Abrir lo mío con mi hermana, ella lleva los números
w: licencia de plomero; presupuestos; inglés
o: soldar cobre; tocar el bajo; tamales (los hace mi mamá pero yo ayudo)
i: béisbol; carne asada; dominó
l: started over in a new country; works in a second language
b: language strong; cost some
x: text=es rung=2 travel=30

@solar-aprendiz | Santos/Vila Mathias | ele | just starting out | w | 18-24 | pt native | e2 e4 sm | 0-1
g[skill 3]: subir no telhado sem tremer e fazer minha primeira instalação
g: entrar pra cooperativa em vez de trabalhar pra empreiteiro que não paga
w: energia solar; NR-10; orçamento
o: maquiagem; andar de moto na chuva
i: capoeira; moto; trilha
l: only one in my team
b: cost strong; exclusion some
s: gender_identity important, lived_experience nice
x: text=pt-BR rung=2

@marine-cadet | Mombasa/Kizingo | shp>sci | student | w | 18-24 | sw native, en C1 | e1 e4 sm | 0-1
g[career_move 12]: get sea time. every company says they take women and then the cabin is a problem
g: Pass the Class 3 oral exam
w: marine engineering; sea time applications; assertiveness
o: swimming lessons; Swahili
i: dhow sailing; dominoes; netball
l: only one in my team; first in family at university
b: exclusion strong; cost some
s: gender_identity important, lived_experience important
x: rung=3

@ship-to-shore | Mombasa/Tudor | sci | mid-career | m | 35-44 | sw native, en C1 | e3 sm | 10-19
g[career_move 12]: come ashore after fourteen years at sea, my son calls me uncle
g: A CV for shore jobs
w: CV; maintenance dashboards; office politics
o: diesel engines; mooring stories
i: dominoes; long-distance running; bees
b: place some; unspoken_rules some
x: rung=3

@cnc-genc | Izmir | met | student | w | 18-24 | tr native, en A2 | e2 e5 su | 0-1
g[skill 12]: CNC programlamayı kitaptan değil tezgâh başında öğrenmek
g: staj bulmak. kız alan atölye az, olanlar da çay yaptırıyor
w: teknik resim; CNC; mülakat
o: çizim; bağlama başlangıç
i: bağlama; balık tutmak; halk dansları
l: only one in my team; first in family at university
b: exclusion strong; transport some
x: text=tr rung=2

@ing-kyiv-hh | Hamburg/Barmbek | bui>sci | not working right now | w | 35-44 | uk native, ru C2, en B2, de B1 | e2 lu
  | 10-19
g[career_move 12]: Я інженерка-будівельниця, у Гамбурзі прибираю офіси. Хочу назад у професію
g: Diplom anerkennen lassen und dann ein Gespräch bestehen, in dem ich nicht rot werde
w: будівельна німецька; Gehaltsverhandlung; нормы DIN
o: AutoCAD; варити борщ; математика для дітей
i: Kajak; вишивка; Architekturfotos
l: started over in a new country; works in a second language; only one in my team
b: language some; unspoken_rules strong; cost some
s: lived_experience very important, gender_identity nice
x: text=uk rung=2

@plumb-own | Bristol/Horfield | bui>own | mid-career | m | 45-54 | en native | e1 sm | 20+
g[business 12]: Chase less, earn the same. Customers owe me eleven grand and I'm too polite
g: do the tax thing online, our lass did it and we split up
w: invoices; bookkeeping; email that doesn't sound angry
o: plumbing basics; dowsing, don't laugh
i: northern soul; dogs; canal walks
b: digital strong
x: rung=2

@glazier-quiet | Baltimore/Waverly | bui | early career | m | 25-34 | en native | e3 sm | 2-4
g[community 3]: meet a few people, i moved here for work and talk to nobody but glass
g: become a journeyman glazier, the union one
w: joining the union; small talk
o: cutting mirrors; chess
i: chess; jigsaw puzzles; baseball
b: confidence strong
x: rung=0 sup=one_to_one

@boat-apprentice | Bristol/Hotwells | art>bui | not working right now | w | 25-34 | en native | am pm | 0-1
g[skill 12]: build a clinker dinghy from lofting to launch with someone who knows what they're doing
g: work with my hands again after ten years of office jobs
w: steam bending; sharpening; wood
o: newsletter writing; bread
i: wooden boats; spoon carving; sea shanties
l: changed career after 30
b: cost some
x: modes=in_person travel=25 rung=3

@stonemason-far | Auckland | bui | mid-career | m | 35-44 | en native, mi B2 | am | 10-19
g[skill 12]: lime mortar and traditional slate roofs, there's one bloke here and he's retired to Fiji
g: get the heritage people to ring me back
w: lime plaster; heritage permits
o: dry stone walls; hāngī; te reo for beginners
i: rugby; sea fishing; folk sessions
b: place strong
x: modes=in_person travel=60 rung=4 hard=in_person_only_and_nobody_near

@diver-salvage | Valencia | shp | mid-career | m | 35-44 | es native, en A2 | am | 10-19
g[career_move 12]: pasar del buceo recreativo al comercial, soldadura bajo el agua y todo eso
g: que alguien me diga la verdad sobre los seguros
w: buceo comercial; soldadura subacuática
o: primeros auxilios en el mar; pesca
i: paseos por la playa; pesca; montaña
b: cost strong
x: text=es modes=in_person travel=40 hard=no_offer_in_the_programme

@elevator-tigrinya | Bristol/Easton | ele | just starting out | m | 25-34 | ti native, en A1 | am pm | 0-1
g[community 3]: I want English. I want friend. I fix motor, radio, all electric
w: English; electric job
o: repair radio
i: football; coffee ceremony; radio
l: started over in a new country
b: language blocking; unspoken_rules strong; cost strong
x: rung=0 hard=no_common_language_at_B1 travel=25
"""

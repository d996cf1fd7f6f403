"""Mentees from software, data and engineering. Format: see `persona.py`. All people are invented."""

MENTEES = """
@bootcamp-80 | Bristol/St Pauls | hos>it | just starting out | w | 25-34 | en native | e2 e4 sm | 0-1
g[career_move 3]: first developer job after bootcamp. 80 applications, 2 phone calls, 1 of them a wrong number
g: stop apologising before I show anyone my code
w: Python; technical interviews; git beyond add and commit
o: latte art; handling a queue of forty angry people
i: roller derby; zines; sourdough
l: changed career after 30; first in family at university
b: confidence strong; cost some
s: gender_identity nice, lived_experience important
x: rung=2

@teamlead-new | Bristol/Bishopston | it | mid-career | w | 25-34 | en native, cy B2 | e1 lu | 5-9
g[leadership 12]: I got promoted to lead in January and now manage my friends, help
g: get better at negotiating my rates - I always fold
w: one-to-ones; hard conversations; delegation
o: code review; Welsh swearing
i: trail running; board games; choir
l: only one in my team
b: confidence some
s: gender_identity important, lived_experience nice

@helpdesk-sec | Baltimore/Cherry Hill | it | early career | w | 25-34 | en native | pm e2 | 2-4
g[career_move 12]: Transition from Tier 1 help desk into a SOC analyst role
g: which certificate would you pay for with your own money? that's the one I want
w: networking basics; incident response; interview practice
o: fixing your grandma's printer; braiding hair
i: true crime podcasts; line dancing; gospel choir
l: only one in my team; first in family at university
b: cost strong; exclusion some
s: lived_experience important, gender_identity important
x: rung=3

@excel-db | Bristol/Bedminster | sal>it | early career | m | 35-44 | en native | e1 e3 | 10-19
g[skill 3]: get our stock list out of a 40-tab spreadsheet and into something that doesn't crash on Fridays
g: work life balance
w: SQL; databases; a bit of Python
o: bartering; knowing when a supplier is bluffing
i: pub quizzes; maps; allotment gardening
b: digital some

@returner-java | Kochi/Fort Kochi | it | mid-career | w | 35-44 | ml native, en C1 | e2 sm | 5-9
g[confidence 12]: five years at home with twins and Java moved on without me, want to be employable by Onam
g: Confidence for interviews again
w: modern Java; system design; explaining the gap
o: Malayalam cooking; teaching kids maths
i: crosswords; Carnatic music; film songs
l: returned after a break
b: confidence strong; childcare strong; time some
s: lived_experience very important, gender_identity important
x: ret=yes rung=1

@remote-latam | Santos/Macuco | it | early career | m | 18-24 | pt native, en B1 | e1 e3 e5 | 0-1
g[career_move 12]: conseguir uma vaga remota júnior, meu notebook é velho mas eu sou rápido
g: entrevista em inglês: travo, sempre
w: inglês técnico; Docker; currículo
o: arrumar celular; edição de vídeo no celular
i: videogame antigo; surfe; pagode
l: first in family at university
b: cost strong; language some; digital some
x: text=pt-BR rung=2

@girl-android | Mombasa/Old Town | it | student | w | 18-24 | sw native, en C1 | e1 e2 sm | 0-1
g[skill 3]: build an app for my aunt's fish stall that works without data bundles
g: find other girls who code here, we are three and one is moving to Nairobi
w: Android; pitching; design for small screens
o: TikTok editing; Swahili slang
i: football; taarab music; braiding hair
l: only one in my team
b: cost some; digital some
x: rung=3 sup=group

@phd-vision | Kochi/Mattancherry | sci | student | m | 18-24 | ml native, en C1, ta B1 | e2 e4 su | 0-1
g[education 12+]: apply for a PhD in computer vision without knowing a single person who has one
g: Improve my academic reading and writing
w: research writing; statistics; statement of purpose
o: cricket umpiring; tutoring physics
i: cricket; chess; science fiction
l: first in family at university
b: cost some; unspoken_rules strong

@freelance-design | Hamburg/St. Pauli | art>it | early career | nb | 25-34 | de native, en C1 | e2 e4 sa | 2-4
g[business 12]: go full time freelance by autumn
g: honest feedback on my portfolio
w: UX research; pricing; KSK and taxes
o: logo critique; DJ-ing; German proofreading
i: zines; techno before midnight; bouldering
l: came out at work
b: cost some; confidence some
s: gender_identity important, lived_experience important
x: rung=3

@embedded-femme | Hamburg/Harburg | ele>sci | early career | w | 25-34 | de native, en B1 | e1 e3 | 2-4
g[skill 12]: Vom Schaltschrank in die Entwicklung, Mikrocontroller kann ich schon ein bisschen (Blinklicht halt)
g: herausfinden ob ich ein Studium brauche oder ob das eine Ausrede ist
w: Embedded C; Schaltungen; technisches Englisch
o: Löten; Verteilerkästen aufräumen
i: Lötkolben und alte Radios; Fußballverein; repair cafés
l: only one in my team
b: exclusion some
s: gender_identity nice, lived_experience nice
x: text=de

@salary-balt | Baltimore/Remington | it | senior | w | 35-44 | en native, es B1 | lu pm e2 | 10-19
g[leadership 12]: I train the men who then become my boss. Enough. What's the move?
g: walk into the review with a number and stay quiet after I say it
w: negotiation; executive presence, hate the phrase; sponsorship
o: database performance; mentoring juniors; salsa steps
i: baseball; jazz records; kayaking
l: only one in my team; raised children alone
b: exclusion strong
s: gender_identity important, lived_experience very important
x: rung=4

@agile-izmir | Izmir | it | mid-career | w | 25-34 | tr native, en B1 | e1 e3 sa | 5-9
g[career_move 12]: yazılım testinden ürün yönetimine geçmek istiyorum ama kime sorsam başka şey söylüyor
g: İngilizcemi geliştirmek (özellikle toplantılar)
w: ürün yönetimi; İngilizce konuşma; SQL
o: Türkçe pratik; sunum hazırlama
i: bisiklet; roman okuma kulübü; zeytin hasadı
l: works in a second language
b: confidence some; language some
s: gender_identity nice, lived_experience nice
x: text=tr

@odesa-junior | Odesa | it | just starting out | m | 25-34 | uk native, en B1, ru C2 | e2 e4 | 0-1
g[career_move 12]: перейти з доставки в програмування, вчуся вночі по відео
g: зробити хоч один внесок у відкритий проєкт, щоб було що показати
w: Git; JavaScript; англійська для співбесіди
o: знаю місто краще за навігатор; ремонт велосипедів
i: риболовля на світанку; настільні ігри; футбол
l: changed career after 30
b: cost some; confidence some
x: text=uk rung=2

@uk-newcomer-qa | Bristol/Fishponds | tea>it | not working right now | w | 35-44 | uk native, en B1, pl B1 | am |
  10-19
g[career_move 12]: тестувальник або щось поруч, раніше викладала інформатику в школі
g: understand English in meetings when three people speak together, now I loose the line
w: software testing; CV for England; conversation
o: teach maths in Ukrainian; вишивка
i: embroidery; choir; allotment gardening
l: started over in a new country; works in a second language; changed career after 30
b: language some; childcare strong
s: lived_experience important, gender_identity nice
x: text=uk rung=1 travel=35

@datacenter-night | Hamburg/Billstedt | it | early career | m | 25-34 | fa native, de B1, en B1 | nt | 2-4
g[career_move 12]: Von der Nachtschicht im Rechenzentrum in eine Stelle am Tag, Cloud vielleicht
g: mein Deutsch schriftlich verbessern, Berichte brauchen bei mir ewig
w: Cloud; Deutsch schreiben; Linux
o: Hardware tauschen im Dunkeln; persische Küche
i: Volleyball; Gedichte; videogame nights
l: started over in a new country; works in a second language
b: time blocking; language some
x: text=de rung=2 hard=free_only_at_night

@ai-ethics | Marseille | law>it | mid-career | w | 35-44 | fr native, en B2 | e2 e4 | 10-19
g[career_move 12]: juriste, je voudrais travailler sur les données et l'IA sans redevenir stagiaire
g: comprendre assez de technique pour ne plus me faire balader en réunion
w: bases de données; statistiques; anglais oral
o: relire un contrat; vulgariser le droit du travail
i: natation en mer; cinéma de quartier; poésie
l: changed career after 30
b: time some
x: text=fr

@maths-refresh | Bristol/Knowle | hos>sci | not working right now | tm | 18-24 | en native | am pm | 0-1
g[education 12]: go back to college for engineering after dropping out twice, third time with a plan
g: find somewhere to study where nobody knew me before
w: maths; study routines; talking to tutors
o: vegan cooking; building PCs from scrap
i: D&D; videogame nights; motorbikes
l: came out at work
b: confidence strong; safety strong; cost strong
s: gender_identity very important, lived_experience nice
x: rung=1 sup=one_to_one

@seventeen | Bristol/Hartcliffe | it | student | w | 16-17 | en native | e2 sm | 0-1
g[education 12]: get into an apprenticeship in cyber instead of sixth form
w: computers basically; interviews
i: football; TikTok dances; videogame nights
b: confidence some
x: adult=No vet= hard=not_an_adult
"""

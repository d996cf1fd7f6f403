"""Mentors from software, data and engineering. Format: see `persona.py`. All people are invented."""

MENTORS = """
@backend-baker | Bristol/Easton | it | Senior | w | 35-44 | en native, pl B1 | e2 e4 lu | 2 | 5-9
j: Senior backend developer, Ferryline Bookings
o: reading other people's code without panicking; Python from the second month on; how to prepare for a technical
  interview when you freeze; writing a pull request people want to review
f: people who came to programming from somewhere else, shop floors, kitchens, whatever. i was a baker
h: I explain things badly when I'm rushed and want to get better at it. Also I miss being around beginners.
w: Polish for more than ordering food
i: sourdough; open-water swimming; cycling to work
l: changed career after 30; only one in my team

@data-engineer | Bristol/Bedminster | it | Lead | m | 45-54 | en native | e1 e3 sm | 3 | 20+
j: Lead data engineer, Severnside Water, Analytics
o: SQL from zero to window functions; data pipelines and data quality checks; getting from spreadsheets to a real
  database; dashboards (Power BI, Metabase)
f: Anyone who lives in Excel all day and suspects there is a better way. Health, council, charities - the less tech
  the better.
h: To hear what the data looks like from the ward or the front desk. I only ever see it as tables.
w: singing without being told to mime
i: choir; allotment gardening; pub quizzes; maps
x: vet=vetted

@eng-manager | Bristol/Clifton | it | Head of Engineering | w | 45-54 | en native, fr B2 | lu e2 pm | two | 20+
j: Head of Engineering, Tidewater Robotics
o: moving from senior engineer to manager, and deciding whether you should; running one-to-ones that aren't status
  reports; negotiating your salary with a number and a straight face; making a case to a board
f: engineers five to ten years in, who are good and know it, and wonder what the next room looks like
h: Practice as a coach, I start a coaching certificate in the autumn and need hours outside my own company
w: how to write shorter
i: trail running; jigsaw puzzles; board games
l: only one in my team; came out at work
x: cad=monthly

@embedded-hh | Hamburg/Altona | sci | Principal | m | 45-54 | de native, en C1 | e1 e3 lu | 1 | 20+
j: Principal Engineer Embedded Systems, Nordkai Sensorik
o: Embedded C und wie man es debuggt, wenn nichts blinkt; Schaltpläne lesen; funktionale Sicherheit verständlich
  erklärt; Bewerbungsgespräche in der Industrie üben
f: Leute, die gern basteln und sich noch nicht trauen, sich Ingenieurin oder Ingenieur zu nennen
h: Mal wieder von vorne anfangen zu erklären. Dabei merke ich, was ich selber nie verstanden habe.
i: Segeln; Lötkolben und alte Radios; Schach
x: text=de

@ux-hh | Hamburg/St. Pauli | it | Senior | nb | 25-34 | de native, en C1, tr B1 | e2 e4 sa | 2 | 5-9
j: Senior Product Designer, freelance & Hafenwerk Studio
o: turning a messy portfolio into three good stories; usability testing; how to talk about money as a freelancer;
  accessibility (WCAG)
f: career changers, queer folks, anyone whose cv has a hole in it and who's tired of explaining it
h: get out of the design bubble
w: Turkish, so I can talk to my neighbours properly; basic woodworking
i: zines; bouldering; techno before midnight; repair cafés
l: came out at work; first in family at university

@security-balt | Baltimore/Canton | it | Director | w | 45-54 | en native, es B2 | pm lu e2 | 2 | 20+
j: Director of Security, Chesapeake Credit Cooperative
o: breaking into security from help desk or the military; which certificates are worth the money and which aren't;
  incident response; risk reporting to a board
f: I like stubborn people. Women who are the only one on the team especially - I was, for nine years.
h: Pay back. Somebody took my call in 1999.
i: crab boils; true crime podcasts; kayaking; baseball
l: only one in my team; raised children alone

@ml-balt | Baltimore/Remington | sci | Senior Scientist | m | 35-44 | en native, hi C1, ml B2 | pm e1 e4 | 1 | 10-19
j: Senior Scientist, medical imaging, Patapsco Labs
o: machine learning for people who can already program; reading a paper in forty minutes; statistics you actually need
  before you touch a model; applying to PhD programs from abroad
f: Students and early career folks from places where nobody around them does this.
h: no particular expectations
w: Malayalam cooking from someone who won't laugh at me
i: cricket; tabla; chess; cooking for too many people
l: started over in a new country; works in a second language

@devops-santos | Santos/Gonzaga | it | Pleno | m | 25-34 | pt native, en B2, es B1 | e1 e3 e5 pm | 3 | 5-9
j: Analista DevOps, Porto Digital Logística
o: Linux sem medo, do terminal até o servidor no ar; Docker e nuvem com exemplos pequenos; montar um currículo para
  vaga remota; inglês técnico para reuniões
f: gente da periferia que quer entrar em TI sem faculdade. Foi o meu caminho.
h: Quero aprender a ensinar de verdade, não só mandar link
w: falar em público em inglês sem travar
i: surfe; churrasco com os vizinhos; samba; videogame antigo
l: first in family at university; works in a second language
x: text=pt-BR

@kochi-architect | Kochi/Fort Kochi | it | Principal | w | 45-54 | ml native, en C2, hi C1 | e2 e4 sm | 2 | 20+
j: Principal architect, Backwater Systems
o: system design interviews; leading a team spread over four time zones; coming back to tech after a break;
  communication with senior stakeholders
f: Women returning after children or parents' illness. The skills rust less than you think.
h: I would like to meet people who are not in software at all, I have run out of other conversation.
w: oil painting; how public administration actually works
i: Carnatic music; temple elephants (yes really); crosswords; long train journeys
l: returned after a break; cared for a relative

@mombasa-mobile | Mombasa/Nyali | it | self-employed | w | 25-34 | sw native, en C2 | e1 e2 e4 sm | 2 | 5-9
j: Founder and mobile developer, Kanga Pay
o: building an Android app for cheap phones; pitching to people who have never been to your town; mobile money for
  small shops; learning to code on a shared laptop
f: girls and women on the coast starting out, also market traders who want to go digital
h: investors talk to me like i am a case study. i want normal conversations with people ahead of me
w: bookkeeping beyond the basics; negotiating contracts with foreign clients
i: dhow sailing; taarab music; football; braiding hair
l: only one in my team; first in family at university

@qa-returner | Bristol/Horfield | it | Mid-level | w | 35-44 | en C1, ar native | am lu | 2 | 5-9
j: Test engineer, Avon Payments
o: software testing as a way into IT; coming back after years at home with the kids; CVs for people whose experience
  is in another country; Arabic - English tech vocabulary
f: mothers, newcomers, people who apply for 80 jobs and hear nothing. I sent 112
h: to become braver myself, i still don't speak in big meetings
w: public speaking; driving on the motorway
i: baking with cardamom; parents' football sideline; embroidery; crime novels
l: started over in a new country; returned after a break; works in a second language

@opensource-kyiv | Odesa | it | Senior | m | 25-34 | uk native, en B2, de A2 | e2 e4 su | 1 | 5-9
j: Senior developer, Liman Software
o: як зробити перший внесок у відкритий код; Git без сліз; підготовка до співбесіди англійською; веб-розробка: з чого
  почати, а що можна пропустити
f: Тим, хто починає з нуля після тридцяти або після переїзду. Терпіння маю багато.
h: Хочу тренувати англійську і не забути, навіщо я взагалі люблю програмувати.
i: настільні ігри; риболовля на світанку; електронна музика
x: text=uk

@izmir-analytics | Izmir | it | Uzman | w | 35-44 | tr native, en B2, de B1 | e1 e3 sa | 2 | 10-19
j: Veri analisti, Ege Lojistik
o: Excel'den Power BI'a geçiş; SQL ile günlük rapor hazırlamak; iş görüşmesinde sessiz kalmamak; yurt dışı başvurusu
  için özgeçmiş
f: İşe ara vermiş ya da alan değiştiren kadınlarla çalışmayı seviyorum
h: Başka ülkelerden insanlarla konuşup ufkumu açmak, biraz da Almancamı ilerletmek istiyorum
w: Almanca konuşma pratiği
i: zeytin hasadı; halk dansları; bisiklet; roman okuma kulübü
l: returned after a break
x: text=tr
"""

"""Mentors from trades, ships and ports. Format: see `persona.py`. All people are invented."""

MENTORS = """
@sparky-bristol | Bristol/St Pauls | ele | self-employed | w | 35-44 | en native, pl B2 | am lu sm | 2 | 10-19
j: Electrician and owner, Bright Side Electrics
o: getting a foreign electrician's qualification accepted here, which card, which exam, which order; the 18th Edition
  in plain words; first steps to going self-employed; site banter and where you draw the line
f: women in electrics, people who were electricians somewhere else. mornings are best, kids around = no problem at my
  end
h: I need an extra pair of hands by next year and I'd rather know someone first, honest answer
w: QuickBooks, or any bookkeeping that isn't a shoebox
i: roller derby; car boot sales; narrowboats
l: only one in my team; raised children alone

@electro-meister | Hamburg/Harburg | ele | Meister | m | 55-64 | de native, en B1, tr A2 | e1 e2 sm | 2 | 20+
j: Elektromeister, Harburger Elektrotechnik eG
o: Anerkennung ausländischer Elektroabschlüsse bei der Handwerkskammer; VDE-Normen und Prüfprotokolle; Weg zum
  Meisterbrief; Werkzeug- und Materialdeutsch
f: Gesellinnen und Quereinsteiger. Wer sauber arbeitet, dem bringe ich alles bei.
h: Der Nachwuchs fehlt uns. Außerdem will ich verstehen, wie man mit jungen Leuten heute redet
i: Skat; Modelleisenbahn; Fußballverein
x: text=de

@welder-yard | Bristol/Avonmouth | met | Charge hand | w | 45-54 | en native | e2 e4 sm | 2 | 20+
j: Charge hand welder, Avonmouth Ship Repair
o: welding tests and coding, how to get re-tested when your papers don't count; reading fabrication drawings; being
  the only woman in the shed; apprenticeships for over 25s
f: anybody with some welding already, from anywhere, and complete starters too
h: I've got maybe ten years of knees left. Want to pass it on.
w: how to write a risk assessment on a computer
i: motorbikes; northern soul; sea fishing
l: only one in my team

@crane-hh | Hamburg/Veddel | shp | Vorarbeiterin | w | 35-44 | de native, tr C1, en B1 | pm e5 sa | 1 | 10-19
j: Vorarbeiterin Containerbrücke, Terminal Süd
o: Wie man im Hafen reinkommt, wenn der Onkel nicht schon da arbeitet; Kranschein und Einweiser; Schichtarbeit mit
  Kindern; sich bei lauten Kollegen Respekt verschaffen
f: Frauen, die was mit großen Maschinen machen wollen
h: nicht mehr die Einzige sein
w: Sitzungen leiten, ich soll in den Betriebsrat
i: Boxen; Angeln; türkische Serien; Grillen am Kanal
l: only one in my team; first in family at university
x: text=de

@marine-engineer | Mombasa/Kizingo | sci | Chief engineer | m | 45-54 | sw native, en C2, ar B1 | e1 e3 e4 sm | 2 |
  20+
j: Chief engineer (ret. from sea), now port technical superintendent
o: marine engineering licences and sea time; writing a maintenance plan a crew will follow; moving from ship to shore;
  leading a mixed-nationality engine room
f: Cadets and junior engineers, also officers planning to move ashore
h: I sit behind a desk now. Talking to people who still get their hands oily keeps me sane
w: data dashboards for maintenance
i: dominoes; swahili poetry; restoring an old Land Rover
l: works in a second language

@plumber-balt | Baltimore/Highlandtown | bui | Master plumber | m | 45-54 | en C1, es native | e3 sm | 3 | 20+
j: Master plumber, Tres Ríos Plumbing
o: cómo sacar la licencia de plomero en Maryland; presupuestar un trabajo sin perder dinero; plumbing code in plain
  Spanish; pasar de ayudante a contratista
f: Gente que llega con oficio y sin contactos. También mujeres, que hacen falta.
h: Yo aprendí a golpes. Me gustaría que a otros les cueste menos, y de paso mejorar mi inglés escrito.
w: escribir correos formales en inglés
i: béisbol; carne asada; dominó; restaurar muebles
l: started over in a new country; works in a second language
x: text=es

@carpenter-nb | Bristol/Easton | bui | self-employed | nb | 25-34 | en native | e1 e3 sa | 2 | 5-9
j: Joiner, Second Fix Workshop co-op
o: hand tools for total beginners; setting up a workers' co-op; pricing bespoke work so you actually earn something;
  being out on a building site
f: Queer and trans people who want to get into trades. Also nervous people, I was one
h: more of us. that's it really
w: basic welding; grant applications
i: spoon carving; D&D; folk sessions; vegan cooking
l: came out at work; changed career after 30

@site-manager | Hamburg/Barmbek | bui | Bauleiterin | w | 35-44 | de C1, uk native, ru C2, en B2 | e2 e4 lu | 2 |
  10-19
j: Bauleiterin Hochbau, Kaispeicher Bau
o: Anerkennung eines Ingenieurdiploms aus der Ukraine; Bauleitung und Nachträge; Gehaltsverhandlung auf Deutsch;
  будівельна німецька, слова, яких немає в підручнику
f: Technikerinnen und Ingenieurinnen, die in Deutschland unter ihrem Niveau arbeiten
h: Ich möchte ein Netz haben, in dem ich nicht erklären muss, warum mir das wichtig ist.
w: Moderation, ruhiger werden in Konflikten
i: Kajak; Borschtsch für zwanzig Leute; Architekturfotos
l: started over in a new country; only one in my team; works in a second language

@solar-santos | Santos/Vila Mathias | ele | Técnica | w | 25-34 | pt native, es B2, en A2 | e2 e4 sm | 2 | 5-9
j: Técnica em energia solar, Cooperativa Sol do Porto
o: instalação de painel solar, do telhado ao inversor; NR-10 e NR-35 explicadas sem enrolação; entrar numa cooperativa
  de trabalho; orçamento para cliente desconfiado
f: mulheres que querem trabalhar com elétrica, sem medo de altura de preferência rs
h: Quero formar uma equipe só nossa um dia
w: inglês do zero, devagar; administração de cooperativa
i: capoeira; pagode; trilha; moto
l: only one in my team
x: text=pt-BR

@boatbuilder | Bristol/Hotwells | bui | Master craftsman | m | 65-74 | en native | am pm | 1 | 20+
j: Boatbuilder, semi-retired, Underfall sheds
o: traditional boatbuilding, caulking, steam bending; sharpening anything; patience; how to run a yard of six people
  without shouting
f: someone who will turn up. young, old, I don't mind
h: A bit of company at the bench and somebody to leave the patterns to.
i: wooden boats; brass bands; mackerel fishing; local history
x: modes=in_person

@hgv-driver | Bristol/Lawrence Hill | shp | Driver trainer | w | 35-44 | en C1, so native, ar B2 | am e5 | - | 10-19
j: HGV driver trainer, Westgate Haulage
o: lorry licence step by step and who pays for it; theory test in your third language; planning routes round school
  runs; dealing with depots where nobody expects you
f: Women who were told it isn't a job for us, Somali and Arabic speakers very welcome
h: Sisters on the road!! and advice on starting my own training company ({mail} is quicker than the app)
w: business plan writing; speaking to banks
i: netball; henna; long audiobooks; mosque bake sale
l: started over in a new country; only one in my team

@cnc-izmir | Izmir | met | Usta | m | 45-54 | tr native, de B1 | e2 e5 su | 1 | 20+
j: CNC atölye şefi, Körfez Makina
o: CNC torna ve freze programlama; teknik resim okuma; Almanya'da meslek denkliği için hangi belgeler lazım; çırak
  yetiştirmek
f: Eli yatkın gençler, özellikle meslek lisesinden kızlar
h: Bildiğimi aktarmak, gurbetteki akrabalara faydam dokunsun
i: balık tutmak; bağlama; tavla
x: text=tr vet=pending
"""

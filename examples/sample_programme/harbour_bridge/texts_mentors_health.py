"""Mentors from health, care and teaching. Format: see `persona.py`. All people are invented."""

MENTORS = """
@health-analyst | Bristol/Southville | hea | Band 8a | w | 35-44 | en native | lu e3 | 2 | 10-19
j: Clinical data analyst (ex ward nurse), Quayside Hospitals Trust
o: going from the ward to a health data job; SQL on patient records, with real (fake) data to practise on; what
  information governance allows and what gets you in trouble; writing a band 6 or 7 analyst application
f: nurses, midwives, paramedics who keep saying "someone should count this"
h: I want more clinicians in my team, selfishly. And I miss talking shop about patients rather than columns.
w: R, properly, not copy-pasted; saying what I want in meetings
i: parkrun; knitting on night trains; allotment gardening
l: changed career after 30; raised children alone

@epi-hh | Hamburg/Eimsbüttel | hea | Grade 7 | w | 45-54 | de native, en C2, es B1 | e3 pm | 1 | 20+
j: Epidemiologist, Landesamt für Gesundheit
o: study design for people who already have the question; health statistics for beginners; public health careers
  across borders; reading a registry dataset for the first time
f: clinicians who want to move from one patient to whole populations. Part-timers welcome, I am one.
h: Fresh questions from practice, mine have got stale since I left the clinic
w: storytelling with charts
i: rowing; choir; birdwatching along the Elbe
l: cared for a relative

@nurse-manager | Bristol/Fishponds | hea | Band 7 | w | 45-54 | en C1, ml native, hi B2 | am e1 | 3 | 20+
j: Ward manager, older people's medicine, Quayside Hospitals Trust
o: getting a foreign nursing registration recognised in the UK; surviving the first year on a British ward; preparing
  for the OSCE exam; speaking up to consultants
f: Nurses who trained abroad. I came with one suitcase and a letter that turned out to be the wrong letter.
h: I want to keep learning how younger nurses see this job, before they all leave it
w: using Excel for the rota without crying
i: church choir; growing chillies on a windowsill; cricket; feeding people
l: started over in a new country; works in a second language

@physio-owner | Baltimore/Fells Point | hea | self-employed | m | 35-44 | en native | lu pm | 1 | 10-19
j: Owner, Harbor Steps Physical Therapy
o: starting a small health practice; insurance billing and coding; hiring your first employee; desk stretches that
  take four minutes
f: allied health people who think they might want their own place
h: Networking with other owners
w: Spanish for patients
i: rowing; jazz records; coaching under-10 soccer
x: vet=vetted

@gp-marseille | Marseille | hea | Médecin senior | w | 55-64 | fr native, ar B2, en B1 | e2 e5 sm | 1 | 20+
j: Médecin généraliste, maison de santé du quartier
o: faire reconnaître un diplôme de santé étranger en France; préparer les épreuves de vérification des connaissances;
  parler avec les patients quand on n'a pas encore tous les mots; tenir dans la durée sans s'épuiser
f: Des soignants arrivés d'ailleurs, et des jeunes des quartiers qui n'osent pas dire qu'ils veulent faire médecine
h: Rester curieuse. Et apprendre comment les autres pays font, parce qu'ici on ne fait pas tout bien.
i: pétanque; jardin partagé; chanson française; cuisine du Maghreb
x: text=fr

@midwife-mombasa | Mombasa/Likoni | hea | Senior | w | 35-44 | sw native, en C1 | e2 e3 su | 2 | 10-19
j: Nurse-midwife in charge, Likoni Shore Clinic
o: applying for nursing jobs abroad without being cheated by an agent; teaching clinical skills with almost no
  equipment; night shifts and a family; first aid for community groups
f: young nurses and health volunteers. The ones who ask why.
h: Contacts in hospitals overseas, for exchange and for honest information.
w: health statistics, to read our own clinic numbers
i: gospel choir; vegetable garden; football on the radio
l: raised children alone

@care-trainer | Hamburg/Wilhelmsburg | car | Praxisanleiterin | w | 45-54 | de C1, pt native, es B2 | am lu | two |
  10-19
j: Praxisanleiterin in der Altenpflege, Elbinsel Pflegeverbund
o: Anerkennung von Pflegeabschlüssen aus Brasilien und Portugal; Deutsch am Pflegebett; die Kenntnisprüfung Schritt
  für Schritt; wie man im Team Nein sagt
f: Neue aus dem Ausland, die fachlich stark sind und wegen der Sprache unterschätzt werden
h: dass nicht jede alles allein herausfinden muss so wie ich damals
w: Umgang mit der neuen Dokumentationssoftware
i: Capoeira zuschauen; Kleingarten; Forró tanzen
l: started over in a new country; works in a second language; raised children alone
x: text=de

@therapist-arts | Santos/Embaré | hea | Sênior | w | 45-54 | pt native, en B1 | e2 e4 sm | 1 | 20+
j: Terapeuta ocupacional, rede municipal
o: cuidar de quem cuida, limites no trabalho de saúde; concurso público na área da saúde; conduzir rodas de conversa;
  montar grupo de convivência sem dinheiro
f: Profissionais de cuidado cansadas, e quem quer trabalhar com comunidade
h: trocar com gente de fora da saúde, ando muito dentro da bolha
i: crochê; bloco de carnaval; caminhada na praia; leitura em grupo
x: text=pt-BR

@deaf-teacher | Bristol/Redfield | tea | UPS2 | m | 35-44 | bfi native, en C2 | lu e4 | 1 | 10-19
j: Teacher of deaf children, city council
o: British Sign Language from hello to a real conversation; making meetings work when one person is deaf; applying for
  Access to Work support; classroom management
f: deaf or hard of hearing adults at work, and hearing colleagues who want to stop being awkward
h: To meet deaf professionals outside education. There are more of us than people think.
i: five-a-side football; cooking videos; theatre with captions
l: only one in my team

@language-coach | Bristol/Montpelier | tea | retired | w | 65-74 | en native, es C1, pt B1 | am pm | 3 | 20+
j: Retired language teacher
o: conversational English for people who freeze on the phone; writing a letter to an office so that it gets answered;
  pronunciation without shame; IELTS speaking practice
f: Anyone newly arrived. I don't mind if we talk about nothing but bus timetables for a month.
h: My days are long and my street is quiet. I'd like to be useful and I would like to laugh. {me}
w: how to use video calls without my thumb in the picture; Arabic letters
i: bird feeders; crosswords; Spanish films; allotment gardening; local history
x: cad=weekly

@school-head | Kochi/Mattancherry | tea | Head teacher | w | 55-64 | ml native, en C1, ta B2 | e1 e3 su | 1 | 20+
j: Head teacher, harbour-side government school
o: leading people older than you; getting a degree by distance learning while working; grant writing for schools;
  holding your ground with officials
f: first-generation students and young teachers, particularly girls from fishing families
h: I retire in four years and wish to pass on my experience.
w: spreadsheets; making short videos
i: Kathakali; reading aloud; growing orchids
l: first in family at university
"""

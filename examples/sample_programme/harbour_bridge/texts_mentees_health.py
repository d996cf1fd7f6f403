"""Mentees from health, care and teaching. Format: see `persona.py`. All people are invented."""

MENTEES = """
@nurse-data | Bristol/Southville | hea>it | mid-career | w | 35-44 | en native, tl C1 | lu e3 | 5-9
g[career_move 12]: move from the ward into health data, I've been the one who fixes the audit spreadsheet for six
  years
g: learn SQL properly this time, not just the first three lessons again
g: Find out what a band 6 analyst does all day before I leave a job I'm good at
w: SQL; health statistics; writing an analyst application
o: explaining what a nursing shift is really like; taking blood from difficult veins
i: parkrun; allotment gardening; crime novels; karaoke
l: changed career after 30; works in a second language
b: time strong; confidence some
s: lived_experience nice
x: rung=2 modes=video,phone,in_person cad=biweekly45 travel=30 mem=yes

@doctor-aleppo | Bristol/Easton | hea | not working right now | m | 35-44 | ar native, en B1, tr B1 | am pm | 10-19
g[career_move 12+]: أريد العودة إلى العمل كطبيب، لا أعرف من أين أبدأ التسجيل هنا
g: تحسين لغتي الإنجليزية الطبية والتحدث مع المرضى بثقة
g: meet one doctor who did this already. I have many question: which exam is better for me, can I work as assistant in
  the hospital before, how long did it take him and how he paid for everything, and also if it is worth to start again
  or better to go to another specialty
w: English for doctors; exam preparation; IELTS speaking
o: Arabic conversation; anatomy, I taught it for four years
i: chess; backgammon; football; tea
l: started over in a new country; works in a second language
b: language strong; cost strong; unspoken_rules some
s: lived_experience important
x: text=ar rung=2 travel=40

@carer-nursing | Bristol/Hartcliffe | car>hea | early career | w | 25-34 | en native | am | 2-4
g[education 12+]: nursing degree apprenticeship, is it realistic with two kids under six?
g: pass maths, the GCSE, third time
w: maths; time management; writing essays
o: dementia care tips for families; plaiting hair
i: baking; soaps, the telly kind; swimming with the kids
l: raised children alone; first in family at university
b: childcare blocking; cost strong; confidence strong
s: lived_experience important, gender_identity nice
x: rung=1 sup=both travel=25

@pharmacist-cairo | Hamburg/Billstedt | hea | not working right now | w | 25-34 | ar native, en C1, de B1 | am pm |
  2-4
g[career_move 12+]: الحصول على الاعتراف بشهادة الصيدلة في ألمانيا
g: Fachsprachprüfung bestehen, mündlich bin ich noch zu leise
w: medizinisches Deutsch; Kenntnisprüfung
o: Arabisch für Anfänger; help with chemistry homework
i: calligraphy; baking with cardamom; walking by water
l: started over in a new country; works in a second language
b: language some; confidence some; norms some
s: gender_identity important, lived_experience important
x: text=ar rung=1 need=women_only,alcohol_free travel=45

@midwife-back | Bristol/Henbury | hea | senior | w | 45-54 | en native | am e1 | 20+
g[confidence 12]: I would like to go back to midwifery after seven years looking after my mother. My registration has
  lapsed, the record system is completely different now, and I am honestly not sure whether I still have the nerve for
  a labour ward at three in the morning
g: decide between return-to-practice and something gentler, without everyone's opinion
w: new record systems; telling my story at interview
o: birth preparation; talking someone through a bad night
i: cold water swimming; choir; knitting on night trains
l: returned after a break; cared for a relative
b: confidence strong; digital some
s: lived_experience important
x: ret=yes rung=2

@radiographer-ai | Baltimore/Canton | hea>it | mid-career | w | 35-44 | en native, ko B2 | pm e1 e4 | 10-19
g[skill 12]: understand the AI tools we're being sold at the hospital well enough to ask the rude questions
g: co-author a conference poster
g: Decide on part time master's vs short course
w: machine learning; reading papers; statistics
o: how imaging works, for normal people; Korean cooking
i: kayaking; board games; jazz records
l: only one in my team
b: time some

@porter-admin | Bristol/Southmead | hea>pub | just starting out | m | 25-34 | so native, en B2, ar B1 | pm | 0-1
g[career_move 12]: porter now but I see the office people and I think, I can do this also. how to get in admin?
g: make CV
w: Excel; CV writing; phone English
o: Somali conversation; knowing every corridor in a hospital
i: five-a-side football; cricket; tea
l: started over in a new country; works in a second language
b: language some; unspoken_rules strong
s: lived_experience nice
x: rung=2 travel=30

@dental-tech | Hamburg/Barmbek | hea>sci | early career | w | 25-34 | de native, vi B2, en B1 | e2 e4 | 2-4
g[skill 12]: CAD/CAM richtig lernen statt immer nur Gips anmischen
g: Gehaltsgespräch im Mai. Ich hab noch nie eins geführt und schlafe jetzt schon schlecht
w: 3D-Modellierung; Verhandeln
o: Vietnamesisch kochen; Modellieren mit Wachs
i: Bouldern; Karaoke; Keramik
l: first in family at university
b: confidence strong
s: gender_identity nice, lived_experience nice
x: text=de rung=1

@dietitian-side | Baltimore/Hampden | hea>own | mid-career | w | 35-44 | en native | lu pm e3 | 5-9
g[business 12]: Start a part-time nutrition practice. I definately need to stay on at the hospital for the insurance
g: figure out billing. every blog says something different!
w: insurance billing; setting prices; marketing that isn't gross
o: meal planning on a budget; reading food labels
i: farmers markets; thrift stores; rowing
b: time some; cost some

@paramedic-out | Bristol/Kingswood | hea>tea | mid-career | m | 35-44 | en native | nt | 10-19
g[career_move 12]: twelve years on ambulances, knackered, want to teach it instead of do it
g: sleep at night like a person. Is there any training job that isn't days only, I look after my dad in the day
w: lesson planning; public speaking
o: first aid for community groups; staying calm when it's not calm
i: sea fishing; northern soul; dogs
l: cared for a relative
b: time blocking
x: rung=2 modes=video,phone hard=free_only_at_night

@nursing-student-kochi | Kochi/Kakkanad | hea | student | w | 18-24 | ml native, en B2, hi B1 | e1 e3 su | 0-1
g[education 12+]: I want to do my nursing masters abroad and come back, everyone says nobody comes back
g: which exam first and how much money to keep aside, i recieve different answers everywhere
g: speak English in a viva without translating in my head
w: IELTS speaking; nursing registration abroad; confidence in interviews
o: Malayalam lessons; making notes that others can read
i: film songs; badminton; growing orchids
l: first in family at university
b: cost strong; confidence some
s: lived_experience nice
x: rung=2

@health-volunteer | Mombasa/Likoni | hea | just starting out | w | 18-24 | sw native, en B2 | e2 e3 su | 0-1
g[education 12]: from community health volunteer to clinical officer college, what do they look for in the form
g: be listened to by men twice my age when I talk about family planning
w: first aid; public speaking; study skills
o: Swahili for visitors; going door to door without fear
i: gospel choir; netball; vegetable garden
l: first in family at university
b: cost strong; exclusion some
x: rung=3

@psychologist-recife | Hamburg/Eimsbüttel | hea>law | not working right now | w | 35-44 | pt native, en B2, de A2 | am
  lu | 10-19
g[career_move 12+]: sou psicóloga há quinze anos e aqui ninguém sabe o que fazer comigo, quero um caminho possível
g: aprender o alemão do dia a dia sem vergonha de errar
g: achar trabalho com mulheres migrantes, mesmo que no começo seja voluntário
w: alemão; reconhecimento de diploma; como funciona o sistema social
o: roda de conversa em português; escuta; pão de queijo
i: capoeira; leitura em grupo; caminhadas; samba
l: started over in a new country; works in a second language; raised children alone
b: language strong; childcare some
s: lived_experience very important, gender_identity important
x: text=pt-BR rung=1 travel=40

@care-coordinator | Santos/Embaré | car | mid-career | w | 45-54 | pt native | e2 sm | 10-19
g[wellbeing 3]: Parar de levar trabalho pra casa na cabeça
g: prestar o concurso da prefeitura, último ano que eu tento
w: estudar para concurso; dizer não
o: cuidar de idoso em casa; bolo de fubá
i: crochê; bloco de carnaval; caminhada na praia
l: cared for a relative; raised children alone
b: time strong; confidence some
x: text=pt-BR rung=1 sup=group

@teaching-assistant | Bristol/Lawrence Hill | tea | early career | w | 35-44 | en C1, ur native, pa C1 | am pm | 5-9
g[career_move 12]: from teaching assistant to teacher, and which route pays while I train
g: behaviour management with a whole class on my own
w: classroom management; degree routes
o: Urdu reading practice; packed lunches for picky kids
i: henna; baking; badminton; crime novels
l: returned after a break; first in family at university
b: childcare strong; cost some
s: lived_experience nice, gender_identity nice
x: ret=Sometimes rung=2 need=alcohol_free

@deaf-analyst | Bristol/Redfield | biz>it | early career | nb | 25-34 | bfi native, en C1 | lu e4 | 2-4
g[rights_advocacy 12]: make my team book interpreters without me having to beg each time
g: Move from payroll to data. Video calls with auto captions are useless by the way
w: Access to Work; SQL; dashboards
o: BSL basics; spotting errors in a column of numbers
i: theatre with captions; cooking videos; bouldering
l: only one in my team
b: sensory_access blocking; exclusion some
s: gender_identity nice, lived_experience important
x: rung=2 modes=in_person,chat,video travel=35
"""

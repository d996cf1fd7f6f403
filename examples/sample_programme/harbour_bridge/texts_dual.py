"""People who are in both files. Format: see `persona.py`. All people are invented.

`MENTORS` holds those who appear only here as mentors; `MENTEES` holds the other half of everybody with two roles,
headed by `@=` and the key of the mentor.
"""

MENTORS = """
@naval-kochi | Kochi/Willingdon Island | sci | Senior | w | 35-44 | ml native, en C2, hi C1 | lu e2 e4 sm | 2 | 10-19
j: Senior naval systems engineer, Cochin Drydock Works
o: embedded control systems on ships; requirements documents that survive a review; preparing for a chartered engineer
  interview; being taken seriously in a yard of four hundred men
f: engineers in their first five years, also technicians who know more than their engineers
h: To improve as a mentor and hear how other yards handle things
i: badminton; Carnatic music; long train journeys; science fiction
l: only one in my team; first in family at university

@physics-balt | Baltimore/Charles Village | tea | Mid-level | nb | 25-34 | en native, es C1 | pm e3 e4 | 1 | 5-9
j: High school physics teacher
o: explaining maths to people who were told they can't do maths; classroom routines for year one teachers; running an
  after-school robotics club on no money; coming out to colleagues, or not
f: new teachers and anyone retraining for a science job at night
h: Adults! As students! Who chose to be there!
i: D&D; roller derby; thrift stores; stargazing
l: came out at work; first in family at university

@nurse-santos | Santos/Boqueirão | hea | Plena | w | 25-34 | pt native, de B1, en B1 | e1 e3 sm | 1 | 5-9
j: Enfermeira de UTI, hospital regional
o: português para quem vai trabalhar na saúde; rotina de UTI explicada para quem está começando; estudar para concurso
  com plantão
f: técnicas de enfermagem que querem fazer faculdade
h: trocar com quem já foi embora, e não me sentir a única com essa ideia
i: futevôlei; pagode; leitura em grupo; churrasco com os vizinhos
l: raised children alone
x: text=pt-BR

@repair-hh | Hamburg/Wilhelmsburg | ele | Gesellin | w | 25-34 | de native, en B2 | e2 e5 sa | 2 | 2-4
j: Mechatronikerin, Aufzugsbau
o: Geräte reparieren statt wegwerfen; Ausbildung als Frau im Handwerk überstehen; Prüfungsvorbereitung Teil 2; Lötkurs
  für Anfänger
f: Schülerinnen und Azubis, auch welche die schon mal abgebrochen haben
h: Ich will lernen, wie man anleitet ohne besserwisserisch zu sein
i: repair cafés; bouldering; Kleingarten; Punk
l: only one in my team; came out at work
x: text=de
"""

MENTEES = """
@=naval-kochi
g[leadership 12+]: Join a standards committee or a board in the next few years, and understand how people are selected
  for these
g: stop doing two jobs, the engineer's one and the organiser's one nobody counts
g: Compare notes with someone who has moved from engineering to a director role
w: board papers; saying no upwards; reading a balance sheet
s: lived_experience important, gender_identity nice
b: exclusion some
x: travel=40 rung=4

@=physics-balt
g[career_move 12]: find out whether a physics teacher can become a data scientist without another $40k degree
g: a portfolio project in Python
w: machine learning; SQL; rewriting a teaching résumé for industry
s: gender_identity nice, lived_experience nice
b: cost some; time strong
x: rung=3

@=nurse-santos
g[career_move 12+]: Trabalhar como enfermeira na Alemanha, mas sem cair em agência picareta
g: passar do alemão B1 para o B2 estudando entre um plantão e outro
w: alemão do hospital; reconhecimento de diploma na Alemanha
b: time strong; childcare some; cost some
s: lived_experience important, gender_identity nice
x: rung=2

@=repair-hh
g[education 12]: Meisterschule: jetzt gleich oder erst noch zwei Jahre Baustelle?
g: in der Werkstatt Contra geben ohne danach drei Tage zu grübeln
w: Meistervorbereitung; Kalkulation; Konfliktgespräche
b: exclusion strong; confidence some
s: gender_identity important, lived_experience important
x: rung=3 need=alcohol_free

@=cafe-owner
g[business 12]: Decide about a second cafe. I have been offered a lease near the station and must answer by June. The
  rent is higher but so is the footfall, my accountant just shrugs and my brother says yes to everything. Maybe the
  better plan is to make the first one earn properly
g: delegate more
w: reading my own accounts; marketing; delegating
b: time strong
x: rung=3

@=qa-returner
g[confidence 3]: say one thing in every big meeting until my voice stops shaking
g: move from manual testing into automation by next spring, inshallah
w: Python; test automation; public speaking
b: confidence some; childcare some
s: lived_experience very important, gender_identity nice
x: ret=yes rung=2 need=alcohol_free

@=carpenter-nb
g[business 12]: win the co-op's first public contract (school furniture or the library refit)
g: basic welding, just brackets and frames
w: welding; tendering; cash flow
s: gender_identity important, lived_experience important
b: cost some; safety some
x: rung=3

@=mombasa-mobile
g[business 12]: Raise a seed round, about 150k USD
g: sort out who owns what between me and my cofounder before we fall out
w: contracts; finance for founders; hiring engineers
s: gender_identity important, lived_experience nice
x: rung=4

@=tailor-kochi
g[business 12]: Start to sell handmade garments in UK and Gulf, with correct customs papers
g: better product photos, with phone only
w: English emails; online shop; export paperwork
b: digital some; language some
s: gender_identity nice, lived_experience nice
x: rung=2

@=translator
g[leadership 12]: Passer de « la fille qui traduit » à directrice d'une petite agence, avec deux collègues
g: oser facturer l'urgence
w: gestion d'entreprise; négociation
b: time some; childcare some
x: rung=3
"""

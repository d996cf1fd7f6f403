"""The closed class of words that `masking.mask` replaces, language by language; nothing else is promised.

Each line is `replacement: words`. The words of one line become the same word, so that a text says the same whoever
it speaks of. Left out on purpose, because they mean something else as well: German `sein`, `Junge`; French `lui`,
`son`, `sa`; Spanish `su`; Portuguese `seu`; Arabic `أم` (or); Ukrainian `мати` (to have); English
`miss`, `ms` and `sir` unless they stand as a title before a capital letter; attached Arabic pronouns.
"""

from __future__ import annotations

__all__ = ["TITLES", "WORDS"]

WORDS: dict[str, str] = {
    "en": """
they: he | she
their: him | his | her | hers
themselves: himself | herself
they are: he's | she's
person: man | woman | lady | gentleman | guy | gal
people: men | women | ladies | gentlemen | guys
child: boy | girl | son | daughter
children: boys | girls | sons | daughters
parent: mother | father | mum | mom | dad | mummy | daddy
parents: mothers | fathers | mums | moms | dads
grandparent: grandmother | grandfather | grandma | grandpa
sibling: brother | sister
siblings: brothers | sisters
spouse: husband | wife
spouses: husbands | wives
partner: boyfriend | girlfriend
relative: uncle | aunt | niece | nephew
bereaved spouse: widow | widower
chair: chairman | chairwoman
spokesperson: spokesman | spokeswoman
businessperson: businessman | businesswoman
businesspeople: businessmen | businesswomen
salesperson: salesman | saleswoman
police officer: policeman | policewoman
firefighter: fireman
flight attendant: steward | stewardess
server: waiter | waitress
performer: actor | actress
host: hostess
hero: heroine
headteacher: headmaster | headmistress
entrepreneurial parent: mumpreneur | mompreneur
member of the clergy: clergyman | clergywoman
skilled worker: craftsman | craftswoman | workman | handyman
""",
    "de": """
sie: er | ihn
ihr: ihm
ihre: seine
ihren: seinen
ihrem: seinem
ihrer: seiner
ihres: seines
Person: Herr | Herrn | Frau | Fräulein | Mann | Dame
Personen: Herren | Frauen | Männer | Damen
Elternteil: Mutter | Vater | Mama | Papa
Eltern: Mütter | Väter
Großelternteil: Großmutter | Großvater | Oma | Opa
Kind: Sohn | Tochter | Mädchen
Kinder: Söhne | Töchter | Jungs
Geschwisterkind: Bruder | Schwester
Geschwister: Brüder | Schwestern
Eheperson: Ehemann | Ehefrau | Gatte | Gattin
Verwandte: Onkel | Tante | Neffe | Nichte
Mentoringkraft: Mentor | Mentorin
Mentoringkräfte: Mentoren | Mentorinnen
Teammitglied: Kollege | Kollegin
Teammitglieder: Kollegen | Kolleginnen
Führungskraft: Chef | Chefin
Führungskräfte: Chefs | Chefinnen
Lehrkraft: Lehrer | Lehrerin
Lehrkräfte: Lehrerinnen
Leitung: Leiter | Leiterin
Pflegekraft: Krankenschwester | Krankenpfleger
ärztliche Fachkraft: Arzt | Ärztin
Fachkraft: Ingenieur | Ingenieurin
Fachkräfte: Ingenieure | Ingenieurinnen
Studierende: Student | Studentin | Studenten | Studentinnen
""",
    "es": """
esa persona: él | ella
esas personas: ellos | ellas
persona: señor | señora | señorita | sr | sra | srta | don | doña | hombre | mujer | caballero
personas: señores | señoras | hombres | mujeres
progenie: hijo | hija | hijos | hijas
figura parental: madre | padre | mamá | papá
figuras parentales: madres | padres
familiar: hermano | hermana | tío | tía | primo | prima | sobrino | sobrina
familiares: hermanos | hermanas | tíos | tías | primos | primas
mayor de la familia: abuelo | abuela
cónyuge: esposo | esposa | marido
pareja: novio | novia
criatura: niño | niña
infancia: niños | niñas
joven: chico | chica | muchacho | muchacha
jóvenes: chicos | chicas | muchachos | muchachas
guía: mentor | mentora
guías: mentores | mentoras
docente: profesor | profesora | maestro | maestra
docentes: profesores | profesoras | maestros | maestras
dirección: director | directora
responsable: jefe | jefa
colega: compañero | compañera
colegas: compañeros | compañeras
profesional de enfermería: enfermero | enfermera
profesional de medicina: doctor | doctora | médico | médica
profesional de ingeniería: ingeniero | ingeniera
""",
    "fr": """
iel: il | elle
iels: ils | elles
personne: monsieur | madame | mademoiselle | mme | mlle | homme | femme | dame
personnes: messieurs | mesdames | hommes | femmes | dames
parent: mère | père | maman | papa
parents: mères | pères
enfant: fille | fils | garçon
enfants: filles | garçons
adelphe: frère | sœur | soeur
adelphes: frères | sœurs | soeurs
conjoint·e: mari | épouse | époux
partenaire: copain | copine
proche: oncle | tante | neveu | nièce | cousin | cousine
aïeul·e: grand-mère | grand-père
guide: mentor | mentore | mentorat·e
responsable: directeur | directrice | patron | patronne
collègue: confrère | consœur
pédagogue: enseignant | enseignante | professeur | professeure | instituteur | institutrice
soignant·e: infirmier | infirmière
spécialiste: ingénieur | ingénieure | technicien | technicienne
""",
    "pt": """
a pessoa: ele | ela
as pessoas: eles | elas
da pessoa: dele | dela
das pessoas: deles | delas
na pessoa: nele | nela
pessoa: senhor | senhora | sr | sra | dona | homem | mulher
pessoas: senhores | senhoras | homens | mulheres
figura parental: mãe | pai | mamãe | papai
figuras parentais: mães | pais
descendente: filho | filha
descendentes: filhos | filhas
familiar: irmão | irmã | tio | tia | primo | prima
familiares: irmãos | irmãs | tios | tias
cônjuge: marido | esposa | esposo
par: namorado | namorada
criança: menino | menina
crianças: meninos | meninas
jovem: rapaz | moça | rapariga
guia: mentor | mentora
guias: mentores | mentoras
docente: professor | professora
docentes: professores | professoras
direção: diretor | diretora
chefia: chefe
equipe de enfermagem: enfermeiro | enfermeira
profissional de medicina: doutor | doutora | médico | médica
profissional de engenharia: engenheiro | engenheira
""",
    "ar": """
الشخص: هو | هي | السيد | السيدة | الآنسة | الرجل | المرأة
شخص: رجل | امرأة | سيد | سيدة | آنسة
أشخاص: رجال | نساء
الأشخاص: هم | هن | الرجال | النساء
أحد الوالدين: والد | والدة | الأب | الأم | والدي | والدتي
طفل: ابن | ابنة | بنت | ولد
شريك الحياة: زوج | زوجة | زوجي | زوجتي
فرد من الأسرة: أخ | أخت | أخي | أختي | عم | عمة | خال | خالة
قيادي: مدير | مديرة
القيادة: المدير | المديرة
طاقم التعليم: معلم | معلمة | المعلم | المعلمة | أستاذ | أستاذة
جهة الإرشاد: مرشد | مرشدة | المرشد | المرشدة
مختص الهندسة: مهندس | مهندسة
""",
    "uk": """
ця особа: він | вона
цієї особи: його | її | нього | неї
цій особі: йому | їй
цією особою: ним | нею
особа: пан | пані | чоловік | жінка
особи: чоловіки | жінки | пани
дорослий у родині: мама | тато | батько | матір
дитина: син | донька | дочка | хлопчик | дівчинка
діти: сини | доньки | хлопці | дівчата
родич: брат | сестра | дядько | тітка
подружжя: дружина
старші в родині: бабуся | дідусь
наставництво: ментор | менторка | наставник | наставниця
педагог: вчитель | вчителька | викладач | викладачка
керівництво: директор | директорка | керівник | керівниця
колега: колежанка
фахівець: інженер | інженерка
""",
    "tr": """
kişi: bay | bayan | bey | hanım | hanımefendi | beyefendi | kadın | erkek | adam
kişiler: baylar | bayanlar | beyler | hanımlar | kadınlar | erkekler | adamlar
ebeveyn: anne | baba
ebeveynler: anneler | babalar
ebeveynim: annem | babam
çocuk: kız | oğlan | oğul
çocuklar: kızlar | oğlanlar
çocuğum: kızım | oğlum
kardeş: abla | abi | ağabey
eş: karı | koca
eşim: karım | kocam
akraba: teyze | hala | amca | dayı
büyükebeveyn: nine | dede | büyükanne | büyükbaba
iş insanı: işadamı | iş adamı | iş kadını
bilim insanı: bilim adamı | bilim kadını
""",
}
"""Replacement and words of each language, by primary language subtag."""

TITLES: dict[str, tuple[str, str]] = {
    "en": ("Mx", r"(?:Mr|Mrs|Ms|Miss|Sir|Lord|Lady|Dame)"),
    "de": ("Person", r"(?:Hr|Fr)(?=\.)"),
    "es": ("persona", r"(?:D|Dª|Dña)(?=\.)"),
    "fr": ("personne", r"(?:M|Mr|Mme|Mlle)"),
    "pt": ("pessoa", r"(?:D)(?=\.)"),
}
"""Titles that count only before a capital letter, case-sensitive, with an optional point: `Ms Example`."""

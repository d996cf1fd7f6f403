"""Language names as people write them, and their BCP 47 tags; signed languages by ISO 639-3."""

from __future__ import annotations

from functools import cache

from matchengine.io.words import normalise

__all__ = ["SIGNED", "language_names"]

_TABLE = """
en English|Englisch|Inglés|Anglais|Inglês|İngilizce|Англійська|英语|الإنجليزية
de German|Deutsch|Alemán|Allemand|Alemão|Almanca|Німецька
es Spanish|Spanisch|Español|Castellano|Espagnol|Espanhol|İspanyolca|Іспанська
fr French|Französisch|Francés|Français|Francês|Fransızca|Французька
pt Portuguese|Portugiesisch|Portugués|Portugais|Português|Portekizce
pt-BR Brazilian Portuguese
it Italian|Italienisch|Italiano|Italien
nl Dutch|Niederländisch|Nederlands|Flemish
pl Polish|Polnisch|Polski|Polaco
uk Ukrainian|Ukrainisch|Українська|Ucraniano|Ukrainien
ru Russian|Russisch|Русский|Російська|Ruso|Russe
tr Turkish|Türkisch|Türkçe|Turco|Turc
ar Arabic|Arabisch|Árabe|Arabe|العربية|عربي|Arapça
fa Persian|Farsi|Persisch|فارسی
prs Dari
ps Pashto
ku Kurdish|Kurdisch
ckb Sorani
kmr Kurmanji
ur Urdu|اردو
hi Hindi|हिन्दी
bn Bengali|Bangla|বাংলা
pa Punjabi|Panjabi
gu Gujarati
mr Marathi
ta Tamil
te Telugu
kn Kannada
ml Malayalam
ne Nepali
si Sinhala|Sinhalese
zh Chinese|Mandarin|Mandarin Chinese|中文|普通话|Chinesisch|Chino|Chinois
yue Cantonese|粤语|廣東話
ja Japanese|日本語|Japanisch|Japonés|Japonais
ko Korean|한국어|Koreanisch
vi Vietnamese|Vietnamesisch|Tiếng Việt
th Thai
id Indonesian|Bahasa Indonesia
ms Malay|Bahasa Melayu
tl Tagalog
fil Filipino
km Khmer
my Burmese
mn Mongolian
sw Swahili|Kiswahili
so Somali|Somalisch
am Amharic
ti Tigrinya
om Oromo
ha Hausa
yo Yoruba
ig Igbo
zu Zulu
xh Xhosa
af Afrikaans
rw Kinyarwanda
ln Lingala
wo Wolof
mg Malagasy
he Hebrew|עברית
yi Yiddish
el Greek|Griechisch|Ελληνικά
ro Romanian|Rumänisch|Română
hu Hungarian|Ungarisch|Magyar
cs Czech|Tschechisch|Čeština
sk Slovak
sl Slovene|Slovenian
hr Croatian|Kroatisch
sr Serbian|Serbisch
bs Bosnian|Bosnisch
mk Macedonian
sq Albanian|Albanisch|Shqip
bg Bulgarian|Bulgarisch
lt Lithuanian
lv Latvian
et Estonian
fi Finnish|Suomi
sv Swedish|Schwedisch|Svenska
no Norwegian|Norsk
da Danish|Dansk|Dänisch
is Icelandic
ga Irish|Gaeilge|Irish Gaelic
gd Scottish Gaelic
cy Welsh|Cymraeg
eu Basque|Euskara
ca Catalan|Català
gl Galician|Galego
ka Georgian
hy Armenian
az Azerbaijani
kk Kazakh
uz Uzbek
tg Tajik
la Latin
eo Esperanto
ht Haitian Creole
qu Quechua
gn Guarani
mi Māori|Maori|Te Reo
ro-MD Moldovan
rom Romani|Romanes
"""
_SIGNED_TABLE = """
bfi British Sign Language|BSL
ase American Sign Language|ASL
gsg German Sign Language|Deutsche Gebärdensprache|DGS
fsl French Sign Language|Langue des signes française|LSF
ssp Spanish Sign Language|Lengua de signos española|LSE
isg Irish Sign Language|ISL
ise Italian Sign Language|LIS
bzs Brazilian Sign Language|Libras
asf Australian Sign Language|Auslan
nzs New Zealand Sign Language|NZSL
dse Dutch Sign Language|Sign Language of the Netherlands|NGT
sgg Swiss-German Sign Language|DSGS
asq Austrian Sign Language|ÖGS
pso Polish Sign Language|PJM
ukl Ukrainian Sign Language
tsm Turkish Sign Language|TİD
mfs Mexican Sign Language|LSM
ins Indian Sign Language
jsl Japanese Sign Language
ils International Sign
"""
SIGNED: frozenset[str] = frozenset(line.split(" ", 1)[0] for line in _SIGNED_TABLE.strip().splitlines())
"""Tags of the signed languages known by name."""


@cache
def language_names() -> dict[str, str]:
    """Return normalised language names, in English and many in themselves, with their tags."""
    rows = (line.partition(" ") for line in (_TABLE + _SIGNED_TABLE).split("\n") if line)
    return {normalise(name): tag for tag, _, names in rows for name in names.split("|")}

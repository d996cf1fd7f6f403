"""The words that the forms use for closed answers, and what each means in the data model.

The raw files contain the left-hand words; the right-hand side is what a mapping file should turn them into. The
table in README.md is the readable form of this module.
"""

from __future__ import annotations

FIELDS: dict[str, tuple[str, str]] = {
    "it": ("IT & software", "isco:25"),
    "sci": ("Engineering & science", "isco:21"),
    "hea": ("Health & nursing", "isco:22"),
    "tea": ("Teaching", "isco:23"),
    "biz": ("Business & finance", "isco:24"),
    "law": ("Law, social work, unions", "isco:26"),
    "bui": ("Building trades", "isco:71"),
    "met": ("Metal & machines", "isco:72"),
    "ele": ("Electrical trades", "isco:74"),
    "shp": ("Ports, ships & transport", "isco:83"),
    "car": ("Care work", "isco:53"),
    "hos": ("Kitchens, hair, hospitality", "isco:51"),
    "sal": ("Shops & sales", "isco:52"),
    "pub": ("Public administration", "nace:O"),
    "art": ("Arts & media", "nace:R"),
    "own": ("Own small business", "local:small-business"),
    "far": ("Food & farming", "isco:61"),
}
"""Short key in the text modules -> (answer in the forms, code in the data model)."""

LANGUAGES: dict[str, str] = {
    "en": "English", "es": "Spanish", "de": "German", "pt": "Portuguese", "pt-BR": "Portuguese (Brazil)",
    "ar": "Arabic", "uk": "Ukrainian", "tr": "Turkish", "fr": "French", "pl": "Polish", "hi": "Hindi",
    "ml": "Malayalam", "ta": "Tamil", "sw": "Swahili", "so": "Somali", "ur": "Urdu", "pa": "Punjabi", "fa": "Persian",
    "fa-AF": "Dari", "ku": "Kurdish", "ro": "Romanian", "ru": "Russian", "ca": "Catalan", "yue": "Cantonese",
    "bn": "Bengali", "vi": "Vietnamese", "ko": "Korean", "tl": "Tagalog", "cy": "Welsh", "gd": "Scottish Gaelic",
    "mi": "Māori", "ti": "Tigrinya", "bfi": "British Sign Language",
}  # fmt: skip
"""BCP 47 tag -> name in the forms. British Sign Language is signed, all others are spoken."""

STAGES: dict[str, tuple[str, ...]] = {
    "student": ("student",),
    "entry": ("just starting out",),
    "early": ("early career",),
    "mid": (
        "mid-career", "Mid-level", "Band 7", "Charge hand", "Driver trainer", "Gesellin", "Plena", "Pleno",
        "Praxisanleiterin", "Supervisor", "Técnica", "UPS2", "Uzman", "Vorarbeiterin", "Curator",
    ),
    "senior": (
        "senior", "A12", "Asociada sénior", "Band 8a", "Bauleiterin", "Chartered, self-employed", "Chief engineer",
        "Coordenadora", "Gewerkschaftssekretärin", "Grade 7", "Head of Lighting", "Head of unit", "Lead", "Lecturer",
        "Master craftsman", "Master plumber", "Meister", "Médecin senior", "Principal", "Principal Officer", "Senior",
        "Senior Scientist", "Senior practitioner", "Sênior", "Usta",
    ),
    "executive": (
        "Deputy director", "Director", "HR Director", "Head of Engineering", "Head teacher", "Joint director",
    ),
    "retired": ("retired",),
}  # fmt: skip
"""Career stage of the data model -> answers of both forms."""

STAGELESS: tuple[str, ...] = (
    "not working right now", "running a business", "self-employed", "freiberuflich", "Autónoma", "Indépendante",
    "Inhaberin", "Owner-operator", "Proprietor",
)  # fmt: skip
"""Answers that say nothing about a career stage: leave it blank."""

SLOTS: dict[str, tuple[str, str, str, int]] = {
    "am": ("weekday mornings", "MO,TU,WE,TH,FR", "09:00", 180),
    "lu": ("weekday lunchtimes", "MO,TU,WE,TH,FR", "12:00", 120),
    "pm": ("weekday afternoons", "MO,TU,WE,TH,FR", "14:00", 180),
    "e1": ("Mon evening", "MO", "18:00", 180),
    "e2": ("Tue evening", "TU", "18:00", 180),
    "e3": ("Wed evening", "WE", "18:00", 180),
    "e4": ("Thu evening", "TH", "18:00", 180),
    "e5": ("Fri evening", "FR", "18:00", 180),
    "sm": ("Sat morning", "SA", "09:00", 240),
    "sa": ("Sat afternoon", "SA", "13:00", 300),
    "su": ("Sunday", "SU", "10:00", 360),
    "nt": ("nights", "MO,TU,WE,TH,FR,SA,SU", "22:00", 480),
}
"""Key -> (answer in the forms, days, local start, minutes)."""

MODES: dict[str, str] = {
    "in_person": "in person", "video": "video call", "phone": "phone", "chat": "chat", "async": "e-mail back and forth",
}  # fmt: skip
GENDERS: dict[str, str] = {"w": "woman", "m": "man", "nb": "non-binary", "tw": "trans woman", "tm": "trans man"}
PRONOUNS: dict[str, str] = {"w": "she/her", "m": "he/him", "nb": "they/them", "tw": "she/her", "tm": "he/him"}
GOAL_KINDS: dict[str, str] = {
    "skill": "learning a skill", "career_move": "a new job or career", "confidence": "confidence",
    "navigate_field": "finding my way in a field", "rights_advocacy": "rights and standing up for something",
    "leadership": "leading people", "community": "meeting people", "wellbeing": "feeling better",
    "business": "my own business", "education": "school, training, university",
}  # fmt: skip
HORIZONS: dict[str, tuple[str, str]] = {
    "3": ("within 3 months", "up_to_3_months"),
    "12": ("within a year", "up_to_12_months"),
    "12+": ("takes longer", "over_12_months"),
}
SUPPORT_MODES: dict[str, str] = {"one_to_one": "one person", "group": "a group", "both": "both"}
RUNGS: tuple[str, ...] = (
    "meet one friendly person", "a few people, and somebody comes with me", "a small beginners' group",
    "an open group", "a big event is fine",
)  # fmt: skip
"""Comfort rung 0 to 4."""
WISHES: dict[str, str] = {
    "gender_identity": "my gender identity", "lived_experience": "something I have lived through",
}  # fmt: skip
COUNTRIES: dict[str, str] = {
    "GB": "United Kingdom", "DE": "Germany", "US": "USA", "BR": "Brazil", "KE": "Kenya", "IN": "India", "TR": "Türkiye",
    "UA": "Ukraine", "FR": "France", "ES": "Spain", "NZ": "New Zealand",
}  # fmt: skip
FRAMINGS: dict[str, str] = {
    "either": "I don't mind", "topic_focused": "a topic", "identity_focused": "people like me",
}  # fmt: skip
NORMS: dict[str, str] = {
    "women_only": "women only", "modest": "modest dress is normal", "alcohol_free": "no alcohol",
    "prayer_space": "somewhere to pray", "dietary": "my diet is catered for",
}  # fmt: skip
SAFETY: dict[str, str] = {
    "declared_welcome": "says openly that everybody is welcome", "moderation": "somebody moderates",
    "code_of_conduct": "has rules of behaviour", "private_attendance": "nobody lists who came",
    "address_after_joining": "address only after joining", "exit_without_reason": "leave without giving a reason",
}  # fmt: skip
CADENCES: dict[str, str] = {
    "weekly45": "weekly, 45 min", "weekly": "weekly, 60 min", "biweekly": "every 2 weeks, 60 min",
    "biweekly45": "every 2 weeks, 45 min", "monthly": "monthly, 90 min",
}  # fmt: skip
BOUNDARIES: dict[str, str] = {
    "speak-up-lgbt": "group: faith", "trans-warehouse": "group: faith; venue: restaurant",
    "maths-refresh": "group: faith", "glazier-quiet": "venue: restaurant", "newdad-time": "group: online_forum",
    "quiet-widow": "group: advocacy",
    "phone-filmmaker": "group: faith", "first-manager": "venue: home", "carer-nursing": "topic: politics",
}  # fmt: skip
"""Answers to "please never send me to"; no reason is asked for."""
VALUES: tuple[str, ...] = (
    "autonomy", "care", "fairness", "creativity", "security", "tradition", "learning", "impact",
)  # fmt: skip
RELIGION: dict[str, str] = {
    "lorry-licence": "Muslim", "catadoras": "católica", "archive-aunt": "Baptist, proudly", "dari-mother": "Islam",
    "organ-tuner": "evangelisch, beruflich", "teamlead-new": "none", "tenant-org": "none of your business",
    "sewing-first": "Hindu", "welder-papers": "Orthodox", "speak-up-lgbt": "why do you ask?",
    "clerk-balt": "AME church", "excel-db": "no", "nursing-student-kochi": "Christian",
    "beekeeper-skye": "Free Church, lapsed",
}  # fmt: skip
"""Answers to the question that has no consent column: an import must drop them and say so."""

"""A programme without a single Latin letter in its texts, with about every problem that a file can have."""

from __future__ import annotations

from pathlib import Path

MAPPING = """
[defaults]
text_language = "el"
guess = false
[constants]
adult = true
[columns]
"Νο" = "id"
"Όνομα" = "contact.name"
"Διεύθυνση" = "contact.email"
"Ρόλος" = { to = "roles", values = { "μέντορας" = "mentor", "μαθητής" = "mentee" } }
"Στόχος" = "goals"
"Δίνει" = "offers"
"Γλώσσες" = "languages"
"Ώρες" = "availability"
"Θέσεις" = "capacity"
"Χώρα" = "place.country"
"Ζώνη" = "time_zone"
"Συχνότητα" = "cadence"
"Πείρα" = "experience"
"Στάδιο" = "career_stage"
"Έλεγχος" = "vetting.on"
"Κατάσταση" = { to = "vetting.status", values = { "εντάξει" = "vetted" } }
"Ηλικία" = "age_band"
"Εμπόδια" = "barriers"
"Φύλο" = "attributes.gender"
"Διευθυντής" = "line_manager"
"Όχι με" = "boundaries.person"
"Ανοιχτός" = "open_to_learn"
"Επίπεδο" = { to = "wants", from_columns = { level = "Λείπει" } }
"Δεν υπάρχει" = "interests"
[[consent]]
column = "Συναίνεση"
fields = ["age_band", "barriers"]
purposes = ["match"]
text_version = "1"
date_column = "Ημέρα"
yes = ["ναι"]
"""
HEADERS = (
    "Νο,Όνομα,Διεύθυνση,Ρόλος,Στόχος,Δίνει,Γλώσσες,Ώρες,Θέσεις,Χώρα,Ζώνη,Συχνότητα,Πείρα,Στάδιο,Έλεγχος,Κατάσταση,"
    "Ηλικία,Εμπόδια,Φύλο,Διευθυντής,Όχι με,Ανοιχτός,Επίπεδο,Συναίνεση,Ημέρα,Άλλο"
)
ROWS = (
    "1,Άννα,1@example.org,μαθητής,να ψήνω ψωμί,,,,,,,,,,,εντάξει,44,,,,,,,ναι,2024-05-31,",
    "2,Νίκος,2@example.org,μέντορας,,ψήνω ψωμί και το πουλώ,,,2,,,,,,,εντάξει,,,,,,,,όχι,,",
    "5,Άρης,5@example.org,μέντορας,,ψήνω ψωμί,,,2,,,,,,,εντάξει,,,,,,,,όχι,,",
    "3,Λένα,@,κανένας,,,άγνωστη,κάποτε,99,πουθενά,κάπου,σπάνια,πολλή,ψηλά,χθες,μπορεί,7,κάτι,γ,4,5,ίσως,λίγο,ναι,χθες,;",
    "3,Λένα,3@example.org,μέντορας,,,,,,,,,,,2024-13-31,,,,,3,7@example.org,,,ναι,2024-05-31,",
    "1,Ζωή,2@example.org,μαθητής,,,,,,,,,,,,,45,,,,,,,ναι,2024-05-31,",
    ",,,μαθητής,,,,,,,,,,,,,,,,,,,,,,",
    "8,Μία,8@example.org,,{long},,,,,,,,,,,,,,,,,,,,,",
    "9,Ρέα,9@example.org,μαθητής,α,β,,,,,,,,,,,,,,,,,,,,,,,,,",
    ",Ίρις,,μέντορας,,δ,,,,,,,,,,,,,,,,,,,,",
)
GROUPS_MAPPING = """
reads = "groups"
[defaults]
text_language = "el"
guess = false
[columns]
"Νο" = "id"
"Τίτλος" = "title"
"Είδος" = { to = "kind", values = { "κύκλος" = "peer_circle" } }
"Λίγοι" = "size_min"
"Πολλοί" = "size_max"
"Στηρίζει" = "supports"
"Επαφές" = "contacts"
"""
GROUPS = (
    "Νο,Τίτλος,Είδος,Λίγοι,Πολλοί,Στηρίζει,Επαφές",
    "10,Αρτοποιοί,κύκλος,9,2,cost (1); cost (0.5),77@example.org",
    "10,Άλλοι,κύκλος,,,,",
    "11,,,,,,",
    "12,Κηπουροί,άγνωστο,,,κάτι,",
)
TIES_MAPPING = """
reads = "relationships"
[defaults]
guess = false
[columns]
"Ένας" = "person_id"
"Άλλος" = "other_id"
"Είδος" = { to = "kind", values = { "μέντορας" = "mentoring" } }
"Από" = "started"
"Έως" = "ends"
"""
TIES = (
    "Ένας,Άλλος,Είδος,Από,Έως",
    "1,2,μέντορας,2024-05-31,2024-01-01",
    "1,2,μέντορας,2024-05-31,2024-01-01",
    "1,1,μέντορας,,",
    "1,,,,",
    "1,2,άγνωστο,,",
)


def write_programme(folder: Path) -> list[object]:
    """Write the files of the programme; return the arguments of `import` that read them."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "1.csv": "\n".join([HEADERS, *ROWS]).replace("{long}", "λόγος " * 90) + "\n",
        "2.csv": "\n".join(GROUPS) + "\n",
        "3.csv": "\n".join(TIES) + "\n",
        "1.toml": MAPPING,
        "2.toml": GROUPS_MAPPING,
        "3.toml": TIES_MAPPING,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    maps = [part for number in (1, 2, 3) for part in ("--map", folder / f"{number}.toml")]
    files = [folder / "1.csv", "--groups", folder / "2.csv", "--relationships", folder / "3.csv"]
    return [*files, *maps, "--config", "lexical", "--data", folder / "data"]

"""Load people from a DataFrame with the headers of a form, and show one person what a model would see."""

import pandas as pd

import matchengine as me

frame = pd.DataFrame(
    {
        "Member ID": ["ana", "bo"],
        "Role": ["mentee", "mentor"],
        "Goals": ["keep the books of a small shop", None],
        "Skills": [None, "books and taxes (expert); tenders"],
        "Adult": ["yes", "yes"],
    }
)
engine = me.Engine.from_config("configs/lexical.toml")
engine.load(people=frame.rename(columns={"Member ID": "id", "Role": "roles", "Skills": "offers"}))
for field, texts in engine.shown_text("bo").items():
    print(field, texts)
print("who is ruled out, by rule:", engine.excluded("ana", kind="mentor"))

"""Suggest a mentor for one person. Run from the checkout: python examples/embedding/ten_lines.py"""

import matchengine as me

engine = me.Engine.from_config("configs/lexical.toml")
speaks = {"adult": True, "languages": [{"tag": "en", "level": "C1"}], "interests": [{"text": "allotment gardening"}]}
mentor = {**speaks, "roles": ["mentor"], "vetting": {"status": "vetted"}}
engine.load(
    people=[
        {**speaks, "id": "ana", "roles": ["mentee"], "goals": [{"text": "keep the books of a small shop"}]},
        {**mentor, "id": "bo", "offers": [{"text": "books and taxes of a small shop", "level": 4}]},
        {**mentor, "id": "cy", "offers": [{"text": "speaking in front of people"}]},
    ]
)
for suggestion in engine.suggest("ana", kind="mentor", k=5):
    print(f"{suggestion.rank}. {suggestion.candidate_id}: {suggestion.score:.0f} of 100, {suggestion.fit}")
    print("  ", *(reason.text for reason in suggestion.reasons))

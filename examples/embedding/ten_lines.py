"""Suggest a mentor for one person. Run from the checkout: python examples/embedding/ten_lines.py"""

import matchengine as me

engine = me.Engine.from_config("configs/lexical.toml")
mentor = {"roles": ["mentor"], "adult": True, "vetting": {"status": "vetted"}}
engine.load(
    people=[
        {"id": "ana", "roles": ["mentee"], "adult": True, "goals": [{"text": "keep the books of a small shop"}]},
        {"id": "bo", **mentor, "offers": [{"text": "books and taxes of a small shop", "level": 4}]},
        {"id": "cy", **mentor, "offers": [{"text": "speaking in front of people"}]},
    ]
)
for suggestion in engine.suggest("ana", kind="mentor", k=5):
    print(f"{suggestion.rank}. {suggestion.candidate_id}: {suggestion.score:.0f} of 100, {suggestion.fit}")
    print("  ", *(reason.text for reason in suggestion.reasons))

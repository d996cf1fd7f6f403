"""A scorer of your own, handed to the engine in code. How it works: docs/scorers.md"""

from types import SimpleNamespace

import numpy as np

from matchengine import Engine, Scored, load_config, scorer
from matchengine.components import specs_in
from matchengine.config import ScorerChoice


@scorer("same_track", block="relate", says="you work in {shared:.0f} of the same fields")
def same_track(requester_fields, candidate_fields):
    """Share of the requester's fields that the candidate has too; NaN where either named none."""
    wanted = np.bitwise_count(requester_fields).sum(axis=1)
    shared = np.bitwise_count(requester_fields & candidate_fields).sum(axis=1)
    known = (wanted > 0) & candidate_fields.any(axis=1)
    return Scored(np.where(known, shared / np.maximum(wanted, 1), np.nan), shared=np.where(shared > 0, shared, np.nan))


config = load_config("configs/lexical.toml")
mentors = config.match["mentor"]
scorers = {**mentors.scorers, "track": ScorerChoice(use="same_track")}
config = config.model_copy(update={"match": {"mentor": mentors.model_copy(update={"scorers": scorers})}})
engine = Engine(config, plugins=[SimpleNamespace(matchengine_components=lambda: specs_in(same_track))])
goal = {"text": "lead a small team on a building site"}
mentor = {"roles": ["mentor"], "adult": True, "vetting": {"status": "vetted"}, "offers": [goal]}
engine.load(
    people=[
        {"id": "ana", "roles": ["mentee"], "adult": True, "goals": [goal], "fields": ["isco:71", "isco:74"]},
        {"id": "bo", **mentor, "fields": ["isco:71"]},
        {"id": "cy", **mentor, "fields": ["isco:25"]},
    ]
)
for suggestion in engine.suggest("ana", kind="mentor"):
    print(suggestion.candidate_id, suggestion.score, *(f"{r.contribution:+} {r.text}" for r in suggestion.reasons))

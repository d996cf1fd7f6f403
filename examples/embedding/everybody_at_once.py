"""Draft pairs for everybody, decide with people, solve the rest again, publish; then swaps for a time, and circles."""

from datetime import date

import matchengine as me
from matchengine.config import parse_config
from matchengine.records import SwapWish

config = parse_config("""
name = "everybody"
[plugins]
enable = ["builtin", "lexical"]
[embedder]
use = "lexical"
cache = false
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
[match.mentor.assign]
method = "leximin"
[match.peer]
requester = "mentee"
candidate = "mentee"
[match.peer.scorers.challenge]
use = "peer"
[match.peer.constraints.with]
vetting = { required = false }
[swaps.summer]
match = "mentor"
least_fit = 0.2
mentor_floor = 0.0
[groups.circle]
match = "peer"
smallest = 2
target = 3
largest = 4
""")
OFFERS = {"mo": "keep the books of a small shop", "mi": "speak in front of people", "mu": "write letters and reports"}
GOALS = {
    "ana": "speak in front of people",
    "ben": "keep the books of my shop",
    "eve": "write reports at work",
    "kim": "speak in meetings",
}
known = {"adult": True, "modes": ["video"], "languages": [{"tag": "en", "level": "C1"}]}
known["availability"] = [
    {"start": "2026-05-11T18:00", "duration_minutes": 120, "time_zone": "Europe/London", "rrule": "FREQ=WEEKLY"}
]
safe = {"vetting": {"status": "vetted"}}
people = [{"id": who, "roles": ["mentee"], "goals": [{"text": text}], **known} for who, text in GOALS.items()]
people += [
    {"id": who, "roles": ["mentor"], "offers": [{"text": text}], **known, **safe} for who, text in OFFERS.items()
]

engine = me.Engine(config)
engine.load(people=people)

# A plan never changes: every verb returns a new one, with one more entry in its record of decisions.
draft = engine.assign("mentor")
print("draft:", *(f"{one}:{other}" for one, other in draft.pairs))
for person in draft.document.unmatched:
    print("without anybody:", person.person_id, *(obstacle.text for obstacle in person.why))
plan = draft.lock("ben", "mo", by="ines", why="they know each other from the market")
plan = plan.leave_out("ana", by="ines", why="moved away").resolve()
print("again:", *(f"{one}:{other}" for one, other in plan.pairs))
for move in plan.document.moves:
    print("changed:", move.requester_id, move.why)
plan = plan.publish(by="ines")
print(plan.document.status, "after", len(plan.document.decisions), "decisions")

# Swaps: whose mentoring runs, and who would like to work with another mentor for a time, and come back.
running = [
    me.Relationship(person_id=one, other_id=other, kind="mentoring", status="active", started=date(2025, 11, 1))
    for one, other in (("ana", "mo"), ("ben", "mi"), ("eve", "mu"))
]
agreed = {"mentee_agrees": True, "mentor_agrees": True, "mentor_any": True}
wishes = [SwapWish(person_id=tie.person_id, other_id=tie.other_id, **agreed) for tie in running]
engine.load(people=people, relationships=running)
ledger = engine.plan_swaps("summer", wishes, running, date(2026, 5, 11))
for exchange in ledger.exchanges:
    print("swap:", *(f"{move.person_id} from {move.from_mentor} to {move.to_mentor}" for move in exchange.moves))
    print("  everybody returns on", exchange.returns_on)

# Circles: one time and one language that suit all members, and nobody left without a reason.
circles = engine.form_groups("circle")
for circle in circles.groups:
    print("circle:", *circle.members, "-", circle.slot.text if circle.slot else "no time")
for person in circles.unplaced:
    print("in no circle:", person.person_id, person.text)

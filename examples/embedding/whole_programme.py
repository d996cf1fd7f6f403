"""Check a programme, suggest for everybody, write sheets and a page, and tell one pair to each of its readers."""

import tempfile
from pathlib import Path

import matchengine as me
from matchengine.i18n import speaking
from matchengine.io import Contact, ContactSheet, sheets_of_run, write_csv, write_xlsx
from matchengine.report import write_page
from matchengine.report.run import make_run

engine = me.Engine.from_config("configs/lexical.toml")
vetted = {"roles": ["mentor"], "adult": True, "vetting": {"status": "vetted"}}
engine.load(
    people=[
        {"id": "ana", "roles": ["mentee"], "adult": True, "goals": [{"text": "keep the books of a small shop"}]},
        {"id": "eve", "roles": ["mentee"], "goals": [{"text": "speak in front of people"}]},
        {"id": "bo", **vetted, "offers": [{"text": "books and taxes of a small shop", "level": 4}]},
        {"id": "cy", **vetted, "offers": [{"text": "speaking in front of people"}], "capacity": {"mentor": 2}},
    ]
)
print("before matching:", *engine.check("mentor").summary, sep="\n  ")

contacts = ContactSheet([Contact(id="ana", name="Ana Field", email="ana@example.org")])
run = make_run(engine, "mentor", k=2)
sheets = sheets_of_run(run, contacts)
with tempfile.TemporaryDirectory() as folder:
    write_csv(Path(folder) / "pairs.csv", sheets[1])
    write_xlsx(Path(folder) / "run.xlsx", sheets, as_of=run.fingerprint.as_of)
    write_page(Path(folder) / "run.html", run)
    print("files:", *sorted(path.name for path in Path(folder).iterdir()))

[best, *others] = engine.suggest("ana", kind="mentor")
for viewer in ("requester", "candidate"):
    [told] = engine.tell([best], viewer)
    print(f"\n{told.requester_id} and {told.candidate_id}, for the {viewer}:\n{told.plain_text}")
with speaking("de"):
    print("\nEve und Bo:", engine.explain("eve", "bo", "mentor", viewer="coordinator").plain_text, sep="\n")

"""Keep an engine up to date: a new mentor, a tie, a withdrawal; each is visible to the next call."""

from matchengine import Engine, Person, Relationship

engine = Engine.from_config("configs/lexical.toml")
engine.load(people=[Person(id="ana", roles=("mentee",), adult=True, goals=({"text": "bake bread for a living"},))])


def shown() -> list[str]:
    """Return who is suggested to ana now."""
    return [suggestion.candidate_id for suggestion in engine.suggest("ana", kind="mentor")]


baker = Person(
    id="bo", roles=("mentor",), adult=True, vetting={"status": "vetted"}, offers=({"text": "bake bread and sell it"},)
)
print("at first:", shown())
engine.upsert(baker)
print("a mentor joined:", shown())
engine.upsert(Relationship(person_id="ana", other_id="bo", kind="mentoring"))
print("they are matched:", shown(), engine.excluded("ana", kind="mentor"))
engine.remove("bo")
print("the mentor left:", shown())

"""What a pool refuses, as errors: people it does not hold, kinds of match that are not for somebody, other vectors."""

from __future__ import annotations

from matchengine.errors import DataError, SnapshotError, UnknownIdError
from matchengine.i18n import _

__all__ = ["no_such_person", "not_for_person", "other_model"]


def no_such_person(person_id: str) -> UnknownIdError:
    """Return the error for an id that nobody has."""
    return UnknownIdError(_("person {id!r} is not known to this engine; load or upsert the record first", id=person_id))


def not_for_person(person_id: str, role: str, kind: str) -> DataError:
    """Return the error for somebody who asks for a kind of match in a role they do not hold."""
    return DataError(
        _(
            "person {id!r} does not take part as {role!r}, for whom kind {kind!r} is; add the role to the record or "
            "choose another kind",
            id=person_id,
            role=role,
            kind=kind,
        )
    )


def other_model(saved: str, now: str) -> SnapshotError:
    """Return the error for saved vectors that another model made."""
    return SnapshotError(
        _(
            "the saved vectors come from model {saved}, the embedder is now {now}; load the data again",
            saved=saved,
            now=now,
        )
    )

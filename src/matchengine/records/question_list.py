"""What to ask a person next: the unanswered questions whose answers would most likely change what is suggested (I7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records.base import Id, Record
from matchengine.records.result import Fingerprint

__all__ = ["Question", "QuestionList"]

Share = Annotated[float, Field(ge=0, le=1)]


class Question(Record):
    """One question worth asking, with what its answers would probably do.

    Attributes
    ----------
    field : str
        The part of a person's record that is missing: `availability`, `needs` (goals and wants), `place` …
    question : str
        What to ask, in words.
    gain : float
        Expected best score, 0 to 100, after an answer, less the best score now. Below 0 where most answers would show
        that little fits: that is worth knowing too.
    changes : float
        Share of the answers tried, 0 to 1, with which other candidates stand among the first three.
    reaches : float
        Share of the answers tried with which anybody at all can be suggested.
    tried : int
        How many answers of others were tried.
    text : str
        The same in a sentence for the person.
    """

    field: str
    question: str
    gain: Annotated[float, Field(ge=-100, le=100)]
    changes: Share
    reaches: Share
    tried: Annotated[int, Field(ge=1)]
    text: str


class QuestionList(Record):
    """The JSON document of `matchengine ask --json`.

    Attributes
    ----------
    person_id, kind : str
        Who would be asked, and for which kind of match.
    matchable : bool
        Whether anybody can be suggested now.
    questions : tuple of Question
        Most worth asking first; empty where no answer would change anything.
    unheard : tuple of str
        Missing fields that too few others have filled in to tell what an answer would change.
    """

    person_id: Id
    kind: str
    matchable: bool
    questions: tuple[Question, ...] = ()
    unheard: tuple[str, ...] = ()
    fingerprint: Fingerprint | None = None

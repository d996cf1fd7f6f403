"""Shared words, weighted by how rare they are: the simplest reading of texts."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.errors import MissingExtraError
from matchengine.evaluation.strategies.baselines.items import Items, best_of_items
from matchengine.i18n import _

__all__ = ["tfidf"]


@strategy("tfidf", title="Shared words (TF-IDF)", baseline=True)
def tfidf(asked: Asked, *, reads: Literal["words", "letters"] = "words", whole: bool = False) -> FloatArray:
    """Score a pair by the cosine of its most alike texts under TF-IDF, the vocabulary that of all texts together.

    Parameters
    ----------
    asked : Asked
    reads : str
        `words`: words and pairs of words; `letters`: sequences of 3 to 5 letters within words.
    whole : bool
        Compare all texts of one, joined, with all of the other, in place of the best two items.

    Returns
    -------
    float64 array (P,)
        In [0, 1]; 0 where either has no text, or they share no word.

    Raises
    ------
    MissingExtraError
        Without scikit-learn (the extra `lexical`).
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise MissingExtraError("lexical", _("the strategy 'tfidf'")) from error
    texts = [[("\n".join(own),) if whole else own for own in side]
             for side in (asked.requester_texts, asked.candidate_texts)]  # fmt: skip
    own, theirs = Items.of(texts[0], asked.requesters), Items.of(texts[1], asked.candidates)
    if not own.distinct or not theirs.distinct:
        return np.zeros(len(asked))
    chosen = (
        {"analyzer": "char_wb", "ngram_range": (3, 5)}
        if reads == "letters"
        else {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
    )
    vectorizer = TfidfVectorizer(sublinear_tf=True, **chosen)
    try:
        vectorizer.fit(sorted({*own.distinct, *theirs.distinct}))
    except ValueError:  # nothing but signs in any text
        return np.zeros(len(asked))
    left, right = vectorizer.transform(own.distinct), vectorizer.transform(theirs.distinct).T.tocsc()

    def likeness(rows: IntArray) -> FloatArray:
        found: FloatArray = (left[rows] @ right).toarray()
        return found

    return np.clip(best_of_items(asked, (own, theirs), likeness), 0, 1)

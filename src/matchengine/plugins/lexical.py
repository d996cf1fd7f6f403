"""An embedder without a model: hashed words and letter sequences. Instant, for any language, blind to meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from matchengine.components import ComponentSpec, Embedded, embedder, specs_in
from matchengine.errors import MissingExtraError, PluginError
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _

__all__ = ["LexicalEmbedder"]

VERSION = 1  # raised whenever the same text would get another vector
WORDS, LETTERS = (1, 2), (3, 5)


@embedder("lexical")
class LexicalEmbedder:
    """Hashed words and letter sequences; no model, any language, the same vector everywhere.

    Texts are near when they share words or parts of words; synonyms are not. A text in which nothing is found to
    hash (empty, or signs alone) gets one fixed unit vector.

    Parameters
    ----------
    size : int
        Length of the vectors, 16 to 65536.
    letters : float
        Weight of letter sequences, 0 to 1; the rest is the weight of words.
    """

    def __init__(self, *, size: int = 512, letters: float = 0.5) -> None:
        if not 16 <= size <= 65_536 or not 0 <= letters <= 1:
            raise PluginError(
                _(
                    "embedder 'lexical': size is {size} and letters {letters}; expected 16 to 65536, and 0 to 1",
                    size=size,
                    letters=letters,
                )
            )
        self._size = size
        self._letters = letters
        self._parts: list[tuple[float, Any]] = []

    @property
    def fingerprint(self) -> str:
        """Identifies the algorithm and its settings."""
        described = f"lexical {VERSION} {self._size} {self._letters!r} {WORDS} {LETTERS}"
        return "lexical-" + hashlib.sha256(described.encode()).hexdigest()[:32]

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._size

    @property
    def languages(self) -> frozenset[str] | None:
        """None: any language."""
        return None

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return unit vectors float32 (T, size) of texts (T,); none is ever cut."""
        dense = np.zeros((len(texts), self._size), np.float64)
        for weight, vectorizer in self._vectorizers() if len(texts) else ():
            dense += weight * vectorizer.transform(texts).toarray()
        norms = np.linalg.norm(dense, axis=1, keepdims=True)
        dense /= np.maximum(norms, 1e-9)
        dense[norms[:, 0] < 1e-6] = np.where(np.arange(self._size) % 2, 1, -1) / np.sqrt(self._size)
        return Embedded(dense.astype(np.float32), np.zeros(len(texts), np.bool_))

    def _vectorizers(self) -> list[tuple[float, Any]]:
        if not self._parts:
            try:
                from sklearn.feature_extraction.text import HashingVectorizer  # type: ignore[import-untyped,unused-ignore]
            except ImportError as error:
                raise MissingExtraError("lexical", _("the embedder 'lexical'")) from error
            settings = {"n_features": self._size, "alternate_sign": True, "norm": "l2", "lowercase": True}
            self._parts = [
                (1 - self._letters, HashingVectorizer(analyzer="word", ngram_range=WORDS, **settings)),
                (self._letters, HashingVectorizer(analyzer="char_wb", ngram_range=LETTERS, **settings)),
            ]
        return self._parts


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the embedder `lexical`."""
    return list(specs_in(LexicalEmbedder))

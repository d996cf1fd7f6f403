"""An embedder around a sentence-transformers model in a local folder that wants a prefix before every text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from matchengine.components import Embedded, embedder, specs_in
from matchengine.plugins.sentence_transformers import SentenceTransformerEmbedder

__all__ = ["PrefixedModel", "matchengine_components"]


@embedder("prefixed-model")
class PrefixedModel:
    """A model of the E5 or BGE family, say, which was trained with `query: ` or an instruction before every text.

    Parameters
    ----------
    folder : str
        Where the model lies, with weights in safetensors.
    languages : tuple of str
        Primary language subtags that the model was trained for, or `*`.
    prefix : str
        What stands before every text; matchengine compares like with like, so both sides get the same.
    sha256 : str or None
        SHA-256 of `model.safetensors`, checked before loading.
    """

    def __init__(
        self, *, folder: str, languages: tuple[str, ...], prefix: str = "query: ", sha256: str | None = None
    ) -> None:
        self._model = SentenceTransformerEmbedder(model=folder, languages=languages, sha256=sha256)
        self._prefix = prefix

    @property
    def fingerprint(self) -> str:
        """That of the model's files together with the prefix: another prefix gives other vectors."""
        both = hashlib.sha256(f"{self._model.fingerprint}\n{self._prefix}".encode())
        return f"prefixed-model-{both.hexdigest()[:32]}"

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._model.dimension

    @property
    def languages(self) -> frozenset[str] | None:
        """Primary language subtags; None means any."""
        return self._model.languages

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return unit vectors float32 (T, dimension), and which texts the model cuts, the prefix counted in."""
        return self._model.encode([f"{self._prefix}{text}" for text in texts])


def matchengine_components():
    """Offer the embedder."""
    return specs_in(PrefixedModel)

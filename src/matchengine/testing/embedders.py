"""What every embedder must do: unit vectors, the same for a text whatever stands beside it, declared languages.

Each check takes `make()`, which makes the embedder, and raises `PluginError` with what was found. Run them without a
test framework: `for check in EMBEDDER_CHECKS: check(make)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matchengine.components import Embedder
from matchengine.errors import PluginError

__all__ = ["EMBEDDER_CHECKS", "EmbedderMaker", "check_embedder"]

EmbedderMaker = Callable[[], Embedder]
TOLERANCE = 1e-5
ODD_TEXTS = ("", "   ", "\n\t", ".", "?!", "0", "🙂", "🏳️‍🌈 👩🏽‍💻", "a", "é" * 40, "中文职业", "\u200b", "word " * 2000)
_SUBJECTS = ("nursing", "salary talks", "data analysis", "leading a team", "founding a company", "public speaking")
_PHRASES = ("I want to learn {}", "{}", "someone who knows about {} and can spare an hour", "help with {} at work")


def check_embedder(make: EmbedderMaker) -> None:
    """Run all checks of `EMBEDDER_CHECKS` and report every one that fails.

    Raises
    ------
    PluginError
        One sentence per failed check.
    """
    problems = []
    for check in EMBEDDER_CHECKS:
        try:
            check(make)
        except Exception as error:  # a check must not hide what the others find
            problems.append(f"{check.__name__}: {type(error).__name__}: {error}")
    if problems:
        raise PluginError(f"the embedder fails {len(problems)} of {len(EMBEDDER_CHECKS)} checks", problems)


def check_declarations(make: EmbedderMaker) -> None:
    """Fingerprint, dimension and languages are declared, well formed, and equal for two equal embedders."""
    first, second = make(), make()
    if not isinstance(first, Embedder):
        raise PluginError("expected fingerprint, dimension, languages and encode")
    if not isinstance(first.fingerprint, str) or not first.fingerprint:
        raise PluginError("fingerprint must be a text that identifies the model")
    if first.fingerprint != second.fingerprint or first.dimension != second.dimension:
        raise PluginError("two embedders made alike differ in fingerprint or dimension")
    languages = first.languages
    if languages is not None and (not isinstance(languages, frozenset) or not languages):
        raise PluginError("languages must be a frozenset of primary subtags, or None for any")
    if any(not tag.isalpha() or tag != tag.lower() for tag in languages or ()):
        raise PluginError("languages must be primary subtags such as 'en', in lower case")


def check_shape_and_units(make: EmbedderMaker) -> None:
    """Vectors are float32 (T, dimension), finite and of length 1; the flags are bool (T,)."""
    embedder = make()
    vectors = _encoded(embedder, _texts(24))
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1, atol=1e-3):
        raise PluginError(f"vectors have lengths from {lengths.min():.4g} to {lengths.max():.4g}; expected 1")


def check_empty_list(make: EmbedderMaker) -> None:
    """No texts give no vectors, of the right width."""
    _encoded(make(), [])


def check_batch_and_order(make: EmbedderMaker) -> None:
    """A text has the same vector alone, among 64, and in another order, within 1e-5."""
    embedder, texts = make(), _texts(64)
    together = _encoded(embedder, texts)
    order = np.random.default_rng(1).permutation(len(texts))
    _same(together[order], _encoded(embedder, [texts[i] for i in order]), "in another order")
    for position in (0, 13, 63):
        _same(together[position : position + 1], _encoded(embedder, [texts[position]]), "alone and in a batch of 64")


def check_deterministic(make: EmbedderMaker) -> None:
    """The same texts give the same vectors again, and from an embedder made alike."""
    texts = _texts(8)
    first = make()
    expected = _encoded(first, texts)
    _same(expected, _encoded(first, texts), "when asked twice")
    _same(expected, _encoded(make(), texts), "from two embedders made alike")


def check_texts_are_told_apart(make: EmbedderMaker) -> None:
    """Different texts have different vectors, and a text is nearest to itself."""
    vectors = _encoded(make(), _texts(24))
    products = vectors @ vectors.T
    np.fill_diagonal(products, -1)
    if products.max() > 1 - 1e-6:
        raise PluginError("two different texts have the same vector")


def check_odd_texts(make: EmbedderMaker) -> None:
    """Empty texts, blanks, signs, emoji, other scripts and 10,000 characters give unit vectors and leave others be."""
    embedder, texts = make(), _texts(4)
    vectors = _encoded(embedder, [*ODD_TEXTS, *texts])
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1, atol=1e-3):
        position = int(np.argmax(np.abs(lengths - 1)))
        raise PluginError(f"odd text number {position} has a vector of length {lengths[position]:.4g}; expected 1")
    _same(vectors[len(ODD_TEXTS) :], _encoded(embedder, texts), "beside odd texts")


EMBEDDER_CHECKS: Sequence[Callable[[EmbedderMaker], None]] = (
    check_declarations,
    check_shape_and_units,
    check_empty_list,
    check_batch_and_order,
    check_deterministic,
    check_texts_are_told_apart,
    check_odd_texts,
)


def _texts(count: int) -> list[str]:
    """Different short texts of different lengths."""
    every = [
        f"{phrase.format(subject)}{extra}"
        for extra in ("", ", from the beginning", " for people who return after years of caring for others")
        for phrase in _PHRASES
        for subject in _SUBJECTS
    ]
    return every[:count]


def _encoded(embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
    vectors, truncated = embedder.encode(texts)
    expected = (len(texts), embedder.dimension)
    if vectors.shape != expected or vectors.dtype != np.float32 or not np.isfinite(vectors).all():
        raise PluginError(f"vectors are {vectors.dtype} {vectors.shape}; expected finite float32 {expected}")
    if truncated.shape != expected[:1] or truncated.dtype != np.bool_:
        raise PluginError(f"flags of cut texts are {truncated.dtype} {truncated.shape}; expected bool {expected[:1]}")
    return vectors


def _same(first: NDArray[np.float32], second: NDArray[np.float32], when: str) -> None:
    difference = float(np.abs(first - second).max(initial=0))
    if difference > TOLERANCE:
        raise PluginError(f"vectors of equal texts differ by {difference:.2g} {when}; expected at most {TOLERANCE}")

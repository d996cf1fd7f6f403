"""Saying sentences: the language of the context, places, numbers, plurals, lists."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from matchengine.errors import ConfigError
from matchengine.i18n import N_, PSEUDO, Plural, _, fill, language, languages, listing, ngettext, speaking


def test_without_a_choice_everything_is_english() -> None:
    assert language() == "en"
    assert languages()[0] == "en"
    assert _("{n} files read", n=3) == "3 files read"
    assert N_("a constant") == "a constant"


def test_languages_nest_and_end() -> None:
    with speaking("de"):
        assert language() == "de"
        with speaking(PSEUDO):
            assert language() == PSEUDO
        assert language() == "de"
        with pytest.raises(RuntimeError), speaking("en"):
            raise RuntimeError
        assert language() == "de"
    assert language() == "en"


def test_threads_do_not_disturb_one_another() -> None:
    together = Barrier(2)

    def say(tag: str) -> tuple[str, str]:
        with speaking(tag):
            together.wait(10)
            said = _("{share:.1f}", share=0.5)
            together.wait(10)
            return language(), said

    with speaking(PSEUDO), ThreadPoolExecutor(2) as pool:
        assert list(pool.map(say, ["de", "en"])) == [("de", "0,5"), ("en", "0.5")]
        assert language() == PSEUDO


def test_an_unknown_language_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"no sentences in language 'dee'; did you mean 'de'\?"), speaking("dee"):
        pass
    assert language() == "en"


def test_numbers_have_the_mark_of_the_language_and_names_do_not() -> None:
    told = {"share": 0.25, "file": "a.csv", "path": Path("b.csv"), "n": 3}
    with speaking("de"):
        assert fill("{share:.2f} {file} {path} {n} {file!r}", told) == "0,25 a.csv b.csv 3 'a.csv'"
        assert fill("{share:.0%}", told) == "25%"
    assert fill("{share:.2f} {file} {path} {n} {file!r}", told) == "0.25 a.csv b.csv 3 'a.csv'"


@pytest.mark.parametrize("tag", ["en", "de", PSEUDO])
def test_values_are_never_read_as_templates(tag: str) -> None:
    with speaking(tag):
        assert "{n} {x!r} {{" in _("{value} is here", value="{n} {x!r} {{")
        assert "{n}" in ngettext("{value} and {n}", "{value} and {n}", 2, value="{n}")
        assert "{0}" in listing(["{0}", "{last}"])


def test_braces_of_a_sentence_stay() -> None:
    with speaking(PSEUDO):
        assert _("{{x}} {n}", n=1) == "⟦{ẋ} 1⟧"


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        _("{n} files", number=3)


def test_one_and_many() -> None:
    assert ngettext("{n} file", "{n} files", 1) == "1 file"
    assert ngettext("{n} file", "{n} files", 0) == "0 files"
    with speaking(PSEUDO):
        assert ngettext("{n} file", "{n} files", 2) == "⟦2 ƒíļéš⟧".replace("í", _("i").strip("⟦⟧"))
    plural = Plural("{n} file", "{n} files", by="n")
    assert (plural.one, plural.many, plural.by) == ("{n} file", "{n} files", "n")


def test_lists_of_words() -> None:
    assert [listing(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_the_pseudo_language_leaves_no_letter_plain_and_every_place_open() -> None:
    with speaking(PSEUDO):
        said = _("The Quick Brown Fox jumps over a lazy dog {place!r} {share:.1f}", place="here", share=0.5)
    assert said.startswith("⟦")
    assert said.endswith("'here' 0.5⟧")
    assert not any(letter.isascii() and letter.isalpha() for letter in said.replace("here", ""))


def test_an_empty_sentence_says_nothing() -> None:
    with speaking("de"):
        assert _("") == ""

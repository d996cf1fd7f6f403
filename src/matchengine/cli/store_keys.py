"""`matchengine store key`, `rotate` and `renew-key`: keys of an encrypted store, and the key of its hashes."""

from __future__ import annotations

import argparse
from contextlib import closing

from matchengine.actors import HOST, acting
from matchengine.cli.output import Output, paragraph
from matchengine.errors import ConfigError, StoreError
from matchengine.i18n import _
from matchengine.records import Record
from matchengine.store.bond import renew_key
from matchengine.store.cache import Cache
from matchengine.store.sealing import KEYS_VARIABLE, Sealed, keys_from_text, keys_here, new_key
from matchengine.store.stores import files_of, open_store

__all__ = ["KeyDocument", "RenewKeyDocument", "RotateDocument", "add_key", "add_renew_key", "add_rotate"]


class KeyDocument(Record):
    """`matchengine store key --json`: a new key as the environment wants it; nobody keeps it but who runs this."""

    key: str


class RotateDocument(Record):
    """`matchengine store rotate --json`: how much was sealed anew, and under which key."""

    programme: str
    key: str
    documents: int
    vectors: int


class RenewKeyDocument(Record):
    """`matchengine store renew-key --json`: the programme that is opened with another key of its hashes next."""

    programme: str


def add_key(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `store key`."""
    parser.add_argument("id", help=_("what to call the key, such as 2026-03"))
    parser.set_defaults(run=_key)


def add_rotate(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `store rotate`."""
    parser.add_argument("location", help=_("a store: a file ending in .db, or a URL of PostgreSQL"))
    parser.add_argument("--programme", default="main", help=_("which programme of the store ({name})", name="main"))
    parser.add_argument("--encrypt", action="store_true", help=_("the store is not encrypted yet: encrypt it"))
    parser.add_argument("--as", dest="actor", metavar="ID", help=_("who does this: an id that goes on record"))
    parser.set_defaults(run=_rotate)


def add_renew_key(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `store renew-key`."""
    parser.add_argument("location", help=_("a store: a file ending in .db, or a URL of PostgreSQL"))
    parser.add_argument("--programme", default="main", help=_("which programme of the store ({name})", name="main"))
    parser.add_argument("--by", required=True, metavar="ID", help=_("who does this: an id that goes on record"))
    parser.add_argument("--why", default="", metavar="TEXT", help=_("why, in a few words that go on record"))
    parser.add_argument("--yes", action="store_true", help=_("do it: who was erased is then no longer known"))
    parser.set_defaults(run=_renew_key)


def _key(arguments: argparse.Namespace, output: Output) -> int:
    text = f"{arguments.id}:{new_key()}"
    keys_from_text(text)  # the id may be none
    output.document(KeyDocument(key=text), text)
    told = _("Put it first in {variable}, keep the others behind it, and run `store rotate`.", variable=KEYS_VARIABLE)
    output.note(paragraph(told + " " + _("Whoever loses it loses the data; whoever has it can read them.")))
    return 0


def _rotate(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.store.sql.store import SqlStore  # which needs SQLAlchemy
    from matchengine.store.upkeep import reseal

    keys = keys_here()
    if not keys:
        raise ConfigError(_("{variable}: no key; make one with `matchengine store key ID`", variable=KEYS_VARIABLE))
    sealer = Sealed(keys, takes_plain=arguments.encrypt)
    with closing(open_store(arguments.location, arguments.programme, sealer=sealer)) as store:
        if not isinstance(store, SqlStore):
            raise StoreError(_("only a database can be encrypted"))
        with acting(arguments.actor or HOST):
            done = reseal(store, arguments.programme)
        if (files := files_of(arguments.location)) is not None:
            Cache(files, arguments.programme).drop()  # it was written in the open
    document = RotateDocument(
        programme=arguments.programme, key=done.key, documents=done.documents, vectors=done.vectors
    )
    told = _(
        "Sealed anew with key {key!r}: {documents} documents, {vectors} vectors. No other key is needed any more.",
        key=done.key,
        documents=done.documents,
        vectors=done.vectors,
    )
    output.document(document, paragraph(told))
    return 0


def _renew_key(arguments: argparse.Namespace, output: Output) -> int:
    if not arguments.yes:
        told = _("nothing was changed: nobody will know any more who was erased; give --yes as well")
        raise ConfigError(told)
    with closing(open_store(arguments.location, arguments.programme)) as store, acting(arguments.by, arguments.why):
        renew_key(store, arguments.programme)
    told = _("The next opening for writing takes the key that is there then, or makes one.")
    told += " " + _("Who was erased comes back when somebody sends them again: erase them anew.")
    output.document(RenewKeyDocument(programme=arguments.programme), paragraph(told))
    return 0

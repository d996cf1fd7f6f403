"""How documents and vectors are sealed before a database sees them; without encryption they pass as they are."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Plain", "Sealer", "document_context", "vector_context"]


class Sealer(Protocol):
    """Turns what is to be kept into what a database may see, and back.

    `context` names the place of the data: what was sealed for one place is to be refused at every other.
    """

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return data as it may be written."""
        ...

    def unseal(self, data: bytes, context: bytes) -> bytes:
        """Return what was sealed; raise StoreError where it was not sealed for this place, or with another key."""
        ...

    def key(self, data: bytes) -> bytes:
        """Return what stands for the hash of a text in the database: always the same for the same hash."""
        ...

    def keys(self, data: bytes) -> tuple[bytes, ...]:
        """Return everything that may stand for a hash, `key` first: while keys are changed there are several."""
        ...


class Plain:
    """Leaves everything as it is."""

    def seal(self, data: bytes, context: bytes) -> bytes:
        return data

    def unseal(self, data: bytes, context: bytes) -> bytes:
        return data

    def key(self, data: bytes) -> bytes:
        return data

    def keys(self, data: bytes) -> tuple[bytes, ...]:
        return (data,)


def document_context(programme: str, kind: str, id: str) -> bytes:
    """Return the name of the place of a document."""
    return "\n".join(["document", programme, kind, id]).encode()


def vector_context(programme: str, model: str, key: bytes) -> bytes:
    """Return the name of the place of a vector."""
    return "\n".join(["vector", programme, model]).encode() + b"\n" + key

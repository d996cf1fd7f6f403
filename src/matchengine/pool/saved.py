"""A pool as arrays and a JSON document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from numpy.typing import NDArray
from pydantic import TypeAdapter

from matchengine.errors import SnapshotError
from matchengine.i18n import N_, _
from matchengine.pool.arrays import Stored, collection_paused
from matchengine.pool.calendar import Calendar
from matchengine.pool.consents import Consents
from matchengine.pool.embed import Calibration
from matchengine.pool.flags import Flags
from matchengine.pool.lexicon import Lexicon
from matchengine.pool.places import Places
from matchengine.pool.pool import CARDS, FIELD_SOURCES, TABLES, Pool
from matchengine.pool.sensitive import with_counted
from matchengine.pool.shared import Shared
from matchengine.pool.tables import Table
from matchengine.pool.text import TextField
from matchengine.pool.ties import Ties
from matchengine.records import ConsentGrant, Gathering

__all__ = ["restore", "state_of"]

_GRANTS = TypeAdapter(list[ConsentGrant])


def state_of(pool: Pool) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return everything as arrays under path-like names, and as a JSON document."""
    arrays: dict[str, NDArray[Any]] = {}
    parts: list[tuple[str, Any]] = [("lexicon", pool.lexicon)]
    parts += [(f"table/{name}", table) for name, table in pool.tables.items()]
    parts += [(f"field/{key}", field) for key, field in pool.fields.items()]
    for prefix, part in parts:
        arrays |= {f"{prefix}/{name}": array for name, array in part.state().items()}
    for key, index in pool.indexes.items():
        held = getattr(index, "shared_state", index.state)()
        arrays |= {f"index/{key}/{name}": array for name, array in held.items()}
    document = {
        "calendar": pool.shared.calendar.to_json(),
        "places": pool.shared.places.keys,
        "codes": {name: list(codes) for name, codes in pool.shared.codes.items()},
        "key": pool.shared.key.hex(),
        "reveals": pool.shared.reveals,
        "cards": {name: [_plain(r) for r in records.values()] for name, records in pool.cards.items()},
        "ties": pool.ties.to_json(),
        "flags": pool.flags.to_json(),
        "pauses": pool.pauses.to_json(),
        "wish_edits": pool.wish_edits.to_json(),
        "calibration": [pool.calibration.low, pool.calibration.high],
        "lexical_high": pool.lexical_high,
        "consents": _GRANTS.dump_json(list(pool.consents), exclude_defaults=True).decode(),
        "consents_looked_at": [pool.consents.looked.isoformat(), pool.consents._next_end.isoformat()],
        "recent": pool.recent,
        "generation": pool.generation,
        "model": pool.model,
    }
    return arrays, document


def _plain(record: Gathering) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True)


@collection_paused()
def restore(
    pool: Pool, arrays: Mapping[str, NDArray[Any]], document: Mapping[str, Any], *, same_embedder: bool
) -> None:
    """Fill a new pool from `state_of`; availability is expanded from this pool's own first day.

    What consents allowed when it was saved is not withdrawn here: `Consents.due` tells whether something is due.

    Raises
    ------
    SnapshotError
        Where another embedder was chosen than the saved one, and it has other vectors.
    """
    if not same_embedder and pool.embedder.fingerprint != document["model"]:
        told = N_("vectors come from model {saved}, the configuration names {chosen}; load the data again")
        raise SnapshotError(_(told, saved=document["model"], chosen=pool.embedder.fingerprint))

    part = (arrays if isinstance(arrays, Stored) else Stored(arrays, {})).part
    calendar = Calendar.from_json(document["calendar"], pool.shared.calendar.first_day)
    places = Places([(geohash, area) for geohash, area in document["places"]])
    demanded = pool.shared.must_share
    pool.shared = Shared(calendar, places, document["codes"], bytes.fromhex(document["key"]))
    pool.shared.must_share = demanded
    pool.shared.reveals = dict(document["reveals"])
    pool.cards = {
        name: {r["id"]: CARDS[name].model_validate(r) for r in records} for name, records in document["cards"].items()
    }
    pool.lexicon = Lexicon.from_state(part("lexicon/"))
    tags, concepts = pool.shared.codes["tags"], pool.shared.codes["concepts"]
    for key, sources in FIELD_SOURCES.items():
        pool.fields[key] = TextField(key, sources, tags, concepts)
        pool.fields[key].restore(part(f"field/{key}/"))
        pool.indexes[key] = pool.make_index(part(f"index/{key}/"))
    pool.tables = {name: Table.from_state(name, pool.seed, part(f"table/{name}/")) for name in TABLES}
    with_counted(pool.tables["people"])
    pool.ties = Ties.from_json(document["ties"])
    pool.flags = Flags.from_json(document["flags"], pool.shared.key)
    pool.pauses.restore(document["pauses"])
    pool.wish_edits.restore(document["wish_edits"])
    pool.calibration = Calibration(*document["calibration"])
    pool.lexical_high = document["lexical_high"]
    pool.consents = Consents(_GRANTS.validate_json(document["consents"]))
    looked, turns = map(datetime.fromisoformat, document["consents_looked_at"])
    pool.consents.looked, pool.consents._next_end = looked, turns
    pool.generation = document["generation"]
    pool.model = document["model"]
    pool.recent = {name: list(document["recent"][name]) for name in TABLES}

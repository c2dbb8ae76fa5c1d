"""Moving everything from one store into another: tables in a form that both understand, compared and copied.

The index isn't moved: the other store makes it of the passages. What was copied already is compared instead of written,
so that a copy which was interrupted is gone on with by beginning it again; in the end both sides are read and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from vasi.errors import StoreError
from vasi.storage.ports import NewPassage, Vector

Type: TypeAlias = Literal["owner", "text", "integer", "real", "boolean", "moment", "day", "bytes"]
"""``owner``: a name; ``moment``: microseconds since 1970; ``day``: as ISO 8601 has it."""
Row: TypeAlias = tuple[Any, ...]
Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what its values are."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows that mean the same in every store.

    Attributes:
        name: of the table.
        key: the columns that tell rows apart; they are among ``columns``.
        columns: all.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def key_of(self, row: Row) -> Key:
        """The key of a row."""
        names = [column.name for column in self.columns]
        return tuple(row[names.index(name)] for name in self.key)


def _table(name: str, key: str, columns: str) -> Table:
    """Of columns like ``id:text size:integer``; those without a type are texts."""
    parsed = [each.partition(":") for each in columns.split()]
    kinds: dict[str, Type] = {
        "owner": "owner", "integer": "integer", "real": "real", "boolean": "boolean", "moment": "moment",
        "day": "day", "bytes": "bytes", "": "text",
    }  # fmt: skip
    return Table(name, tuple(key.split()), tuple(Column(one, kinds[kind]) for one, _, kind in parsed))


TABLES: tuple[Table, ...] = (
    _table("owners", "name", "name"),
    _table(
        "documents",
        "id",
        "id owner_id:owner source name digest media_type size:integer pages:integer title warnings original"
        " added_at:moment updated_at:moment",
    ),
    _table(
        "notes",
        "id",
        "id owner_id:owner text created_at:moment updated_at:moment tags pinned:boolean binned_at:moment"
        " conversation_id item_id",
    ),
    _table(
        "former_notes",
        "id",
        "id:integer owner_id:owner note_id text tags updated_at:moment changed_at:moment",
    ),
    _table("conversations", "id", "id owner_id:owner title created_at:moment updated_at:moment"),
    _table(
        "conversation_items",
        "conversation_id id",
        "conversation_id id owner_id:owner place:real role text item citations created_at:moment",
    ),
    _table("spending", "owner_id day", "owner_id:owner day:day tokens:integer seconds:real"),
    _table("collections", "id", "id owner_id:owner name everyone:boolean groups created_at:moment"),
    _table("preferences", "owner_id", "owner_id:owner value"),
    _table("removals", "owner", "owner"),
    _table(
        "users",
        "id",
        "id name email role groups disabled:boolean created_at:moment seen_at:moment tokens_per_day:integer"
        " minutes_per_day:integer invited:boolean",
    ),
    _table("identities", "issuer subject", "issuer subject tenant object_id user_id"),
    _table(
        "browser_sessions",
        "id",
        "id digest:bytes user_id created_at:moment used_at:moment expires_at:moment address agent issuer sid"
        " tokens:bytes",
    ),
    _table(
        "api_keys",
        "id",
        "id digest:bytes user_id name hint scopes created_at:moment expires_at:moment used_at:moment",
    ),
    _table(
        "ephemeral_secrets",
        "digest",
        "digest:bytes owner session key config:bytes expires_at:moment sign_in_expires_at:moment",
    ),
    _table("one_time_tokens", "kind digest", "kind digest:bytes content:bytes expires_at:moment"),
    _table(
        "invitations",
        "id",
        "id digest:bytes email role groups invited_by created_at:moment expires_at:moment",
    ),
    _table("audit", "seq", "seq:integer at:moment actor action subject address detail"),
)
"""In an order in which each row finds those that it points to. The log of changes isn't moved."""

_ROWS = 500
"""Compared and written at a time."""
_SOURCES = 50


@dataclass(frozen=True, slots=True)
class Indexed:
    """The passages of a document or a note, and those vectors of them that there are.

    Attributes:
        owner: whose.
        passages: in their order.
        vectors: by the place of the passage: the model, and the vector.
    """

    owner: str
    passages: tuple[NewPassage, ...]
    vectors: Mapping[int, tuple[str, Vector]]


class Contents(Protocol):
    """Everything in a store. Of a snapshot only what reads may be called."""

    async def keys(self, table: Table) -> list[Key]:
        """Of all rows, in the order in which they were stored."""
        ...

    async def rows(self, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
        """Those of ``keys`` that are there."""
        ...

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Add, or replace those of the same key."""
        ...

    async def remove(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove what has these keys."""
        ...

    async def indexed(self, sources: Sequence[str]) -> dict[str, Indexed]:
        """Passages and vectors of those documents and notes, by their ids, that have passages."""
        ...

    async def put_indexed(self, source: str, table: Literal["documents", "notes"], indexed: Indexed) -> None:
        """Replace the passages of a document or note; none take them away."""
        ...

    async def begin(self) -> None:
        """Remember that a copy was begun. Raises ``StoreError`` if something else is stored already."""
        ...

    async def finish(self) -> None:
        """The copy is complete."""
        ...


@runtime_checkable
class Exchange(Protocol):
    """A store whose contents can be moved."""

    def snapshot(self) -> AbstractAsyncContextManager[Contents]:
        """What is stored at this moment, to read."""
        ...

    def contents(self) -> AbstractAsyncContextManager[Contents]:
        """What is stored, to read and to write."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        rows: of each table, and how many ``passages`` and ``vectors``.
        written: how many of them weren't there yet.
        digest: hex SHA-256 of all rows and passages, the same on both sides.
    """

    rows: Mapping[str, int]
    written: int
    digest: str


async def copy(
    source: Exchange, target: Exchange, advance: Callable[[str, int, int], None] = lambda _what, _done, _total: None
) -> Copied:
    """Copy everything, or go on with it, and compare both sides.

    Args:
        source: where everything is; nobody should write to it meanwhile: that would be missing.
        target: a store without anything, or with what was copied before an interruption.
        advance: told of every step: of what, how much is done, and how much there is.

    Raises:
        StoreError: the target has something else, one of them fails, or they differ in the end.
    """
    async with source.snapshot() as given, target.contents() as taken:
        await taken.begin()
        written = 0
        for table in reversed(TABLES):  # first, so that nothing stands in the way
            known = set(await given.keys(table))
            extra = [key for key in await taken.keys(table) if key not in known]
            if extra:
                await taken.remove(table, extra)
        for table in TABLES:
            keys = await given.keys(table)
            for done, some in _in_parts(keys, _ROWS):
                rows, there = await given.rows(table, some), await taken.rows(table, some)
                fresh = [rows[key] for key in some if rows[key] != there.get(key)]
                if fresh:
                    await taken.put(table, fresh)
                    written += len(fresh)
                advance(table.name, done, len(keys))
        for name in ("documents", "notes"):
            written += await _copy_indexed(given, taken, name, advance)
        here = await _summary(given, lambda done, total: advance("source", done, total))
        there = await _summary(taken, lambda done, total: advance("copy", done, total))
        if here != there:
            differing = sorted(name for name in here if here[name] != there[name])
            raise StoreError(f"The copy differs from the original in: {', '.join(differing)}. Copy again.")
        await taken.finish()
    digest = hashlib.sha256("".join(digest for _, digest in here.values()).encode()).hexdigest()
    return Copied({name: count for name, (count, _) in here.items()}, written, digest)


async def _copy_indexed(
    given: Contents, taken: Contents, name: Literal["documents", "notes"], advance: Callable[[str, int, int], None]
) -> int:
    written = 0
    ids = [str(key) for (key,) in await given.keys(_NAMED[name])]
    for done, some in _in_parts(ids, _SOURCES):
        here, there = await given.indexed(some), await taken.indexed(some)
        for one in some:
            wanted, found = here.get(one), there.get(one)
            if not _alike(wanted, found):
                empty = Indexed(found.owner if found else "", (), {})
                await taken.put_indexed(one, name, wanted or empty)
                written += len(wanted.passages) if wanted else 0
        advance(f"index of {name}", done, len(ids))
    return written


_NAMED = {table.name: table for table in TABLES}


def _alike(one: Indexed | None, other: Indexed | None) -> bool:
    if one is None or other is None:
        return one is other
    models = [{place: model for place, (model, _) in each.vectors.items()} for each in (one, other)]
    return (one.owner, one.passages) == (other.owner, other.passages) and models[0] == models[1]


async def _summary(contents: Contents, advance: Callable[[int, int], None]) -> dict[str, tuple[int, str]]:
    """Of every table, of passages and of vectors how many there are, and a digest of them.

    Vectors are rounded in each store's own way: of them only passage and model are in the digest.
    """
    found: dict[str, tuple[int, str]] = {}
    every = {table.name: await contents.keys(table) for table in TABLES}
    total = sum(map(len, every.values())) + len(every["documents"]) + len(every["notes"])
    done = 0
    for table in TABLES:
        digest = hashlib.sha256()
        for _, some in _in_parts(sorted(every[table.name]), _ROWS):
            rows = await contents.rows(table, some)
            for key in some:
                digest.update(repr(rows[key]).encode("utf-8", "backslashreplace"))
            done += len(some)
            advance(done, total)
        found[table.name] = (len(every[table.name]), digest.hexdigest())
    passages, vectors = hashlib.sha256(), hashlib.sha256()
    counts = [0, 0]
    for name in ("documents", "notes"):
        for _, some in _in_parts(sorted(str(key) for (key,) in every[name]), _SOURCES):
            indexed = await contents.indexed(some)
            for one in some:
                if one in indexed:
                    each = indexed[one]
                    models = sorted((place, model) for place, (model, _) in each.vectors.items())
                    counts[0] += len(each.passages)
                    counts[1] += len(models)
                    passages.update(repr((one, each.owner, each.passages)).encode("utf-8", "backslashreplace"))
                    vectors.update(repr((one, models)).encode())
            done += len(some)
            advance(done, total)
    return found | {"passages": (counts[0], passages.hexdigest()), "vectors": (counts[1], vectors.hexdigest())}


def _in_parts(things: Sequence[Any], size: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """The things in parts, each with how many there are up to its end."""
    for start in range(0, len(things), size):
        part = things[start : start + size]
        yield start + len(part), part

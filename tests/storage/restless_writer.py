"""A process to be killed: forks a child that writes to a store without end, and prints what was acknowledged.

Reads a path or an address of a database per line of its input, and forks for each. Prints ``pid N``, a line for each
note or document that the store acknowledged, and ``gone`` when the child is dead.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from vasi.knowledge.index import TextAnalyser
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.store import PostgresStore
from vasi.storage.sqlite import SqliteStore


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def make(place: str) -> SqliteStore | PostgresStore:
    """The store at a path or an address, not open yet."""
    analyser = TextAnalyser()
    return PostgresStore(parse_address(place), analyser) if "://" in place else SqliteStore(Path(place), analyser)


async def write_without_end(place: str) -> None:
    store = make(place)
    await store.open()

    async def notes(owner: str) -> None:
        for number in range(1_000_000):
            note = await store.add_note(owner, f"walnut number {number} of {owner}", at=datetime.now(UTC))
            say(f"note {owner} {note.id}")

    async def documents(owner: str) -> None:
        for number in range(1_000_000):
            source = f"/{number % 3}.md"
            passages = [NewPassage(f"almond {number} page {page}", "Nuts > Kinds", page) for page in range(number % 7)]
            given = NewDocument(source, source[1:], str(number), "text/markdown", 1)
            await store.put_document(owner, given, passages)
            say(f"document {owner} {source} {number}")

    await asyncio.gather(notes("anna"), notes("ben"), documents("anna"), documents("ben"))


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(write_without_end(line.strip()))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()

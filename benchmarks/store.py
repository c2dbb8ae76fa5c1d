"""How fast the store searches and writes, by its size: a table, and JSON with ``--json FILE``.

The passages are made of sentences of ``../shared/retrieval`` where it is present, else of invented words with the
frequencies of natural language. They belong to one owner, or to 50 whose documents lie mixed in the file.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import stores
from vasi.knowledge.index import Index, TextAnalyser
from vasi.language.terms import STOP_WORDS, content_words
from vasi.storage.ports import NewDocument, NewPassage, Store

PASSAGE_WORDS = 110
DOCUMENT_PASSAGES = 20
DIMENSION = 384
SHARED = Path(__file__).parents[2] / "shared" / "retrieval" / "passages.jsonl"


def sentences(chance: random.Random) -> list[str]:
    if SHARED.exists():
        lines = SHARED.read_text(encoding="utf-8").splitlines()
        return [part for line in lines for part in re.split(r"(?<=[.!?]) ", json.loads(line)["text"])]
    syllables = [a + b for a, b in itertools.product((*"bcdfglmnprstv", "st", "tr", "pl"), "aeiou")]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(30_000)]
    common = sorted(STOP_WORDS)
    weights = [1 / rank for rank in range(2, len(vocabulary) + 2)]
    drawn = iter(chance.choices(vocabulary, weights, k=400_000))
    return [
        " ".join(next(drawn) if chance.random() < 0.55 else chance.choice(common) for _ in range(18)) + "."
        for _ in range(20_000)
    ]


def passage(chance: random.Random, source: list[str]) -> str:
    text = ""
    while text.count(" ") < PASSAGE_WORDS:
        text += chance.choice(source) + " "
    return text.strip()


async def fill(store: Store, size: int, owners: int, chance: random.Random, source: list[str]) -> list[tuple[str, str]]:
    """Store ``size`` passages; returns (owner, a passage of theirs) of some."""
    known: list[tuple[str, str]] = []
    for number in range(size // DOCUMENT_PASSAGES):
        owner = f"owner{number % owners}"
        texts = [passage(chance, source) for _ in range(DOCUMENT_PASSAGES)]
        name = f"{number}.txt"
        await store.put_document(
            owner,
            NewDocument(f"/{name}", name, str(number), "text/plain", sum(map(len, texts))),
            [NewPassage(text) for text in texts],
        )
        known.append((owner, texts[0]))
    return known


async def embed(store: Store, owner: str, noise: np.random.Generator) -> None:
    while waiting := await store.without_vectors(owner, "noise", 500):
        rows = noise.normal(size=(len(waiting), DIMENSION)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        await store.put_vectors(owner, "noise", {p.id: row for p, row in zip(waiting, rows, strict=True)})


async def times(count: int, work: Callable[[int], Awaitable[object]]) -> dict[str, float]:
    taken: list[float] = []
    for number in range(count):
        start = time.perf_counter()
        await work(number)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 2),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 2),
        "max_ms": round(taken[-1], 2),
    }


async def measure(kind: stores.Kind, size: int, owners: int, queries: int) -> dict[str, object]:
    chance, noise = random.Random(size), np.random.default_rng(size)
    source = sentences(chance)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vasi.db"
        analyser = TextAnalyser()
        store = stores.make(kind, path, analyser)
        index = Index(store, analyser)
        await store.open()
        start = time.perf_counter()
        known = await fill(store, size, owners, chance, source)
        seconds = time.perf_counter() - start
        await embed(store, known[0][0], noise)
        asked: list[tuple[str, list[str]]] = []
        for owner, text in chance.choices(known, k=queries):
            spoken = text.split()
            at = chance.randrange(len(spoken) - 12)
            asked.append((owner, spoken[at : at + chance.randint(6, 12)]))
        pages = [(owner, content_words(text)) for owner, text in chance.choices(known, k=queries // 4)]
        vectors = noise.normal(size=(queries, DIMENSION)).astype(np.float32)
        at = datetime.now(UTC)

        async def both(n: int) -> None:
            await asyncio.gather(index.search_words(*asked[n], 50), index.search_sounds(*asked[n], 50))

        result: dict[str, object] = {
            "passages": size,
            "owners": owners,
            "build_s": round(seconds, 1),
            "passages_per_s": round(size / seconds),
            "megabytes": round(stores.megabytes(kind, path), 1),
            "words": await times(queries, lambda n: index.search_words(*asked[n], 50)),
            "sounds": await times(queries, lambda n: index.search_sounds(*asked[n], 50)),
            "words and sounds at once": await times(queries, both),
            "words, 60 in the question": await times(len(pages), lambda n: index.search_words(*pages[n], 50)),
            "sounds, 60 in the question": await times(len(pages), lambda n: index.search_sounds(*pages[n], 50)),
            "how common, words and sounds": await times(
                queries, lambda n: index.look_up(*asked[n], word_limit=16, sound_limit=12)
            ),
            "vectors": await times(queries, lambda n: store.search_vectors(known[0][0], "noise", vectors[n], 50)),
            "add a note": await times(100, lambda n: store.add_note("owner0", known[n][1][:200], at=at)),
        }
        await store.close()
        start = time.perf_counter()
        again = stores.make(kind, path, analyser)
        await again.open()
        result["open_ms"] = round((time.perf_counter() - start) * 1000, 1)
        start = time.perf_counter()
        result["problems"] = await again.check()
        result["check_s"] = round(time.perf_counter() - start, 2)
        await again.close()
    return result


def show(kind: stores.Kind, results: list[dict[str, object]]) -> None:
    table = Table(
        "",
        *(f"{result['passages']:,} of {result['owners']}" for result in results),
        title=f"{kind}: passages of owners",
    )
    for name in results[0]:
        cells: list[str] = []
        for result in results:
            match result[name]:
                case {"median_ms": median, "p95_ms": p95}:
                    cells.append(f"{median} / {p95} ms")
                case value:
                    cells.append(str(value))
        table.add_row(name, *cells)
    table.caption = "times: median / p95"
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", nargs="+", default=["2000:1", "100000:50"], metavar="PASSAGES:OWNERS", help="what to measure"
    )
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--json", type=Path)
    stores.add_option(parser)
    options = parser.parse_args()
    sizes = [tuple(map(int, size.split(":"))) for size in options.sizes]
    results = [asyncio.run(measure(options.store, passages, owners, options.queries)) for passages, owners in sizes]
    show(options.store, results)
    if options.json:
        options.json.write_text(
            json.dumps({"kind": options.store, "store": results}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()

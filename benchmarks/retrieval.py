"""How well and how fast passages are found: recall, sentence hits, recognised absences, latency.

Asks public questions (``../shared/retrieval``, where present) and those of the sample documents, through ``Knowledge``
as the product does. "Absent" questions of the public sets are asked against the half of the passages that doesn't hold
their answer, beside passages of the same articles: much harder than questions about something else.

    python -m benchmarks.retrieval [--embedder FOLDER] [--json FILE] [--every N] [--store postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import stores
from vasi.engines.embedder.local import LocalEmbedder
from vasi.engines.embedder.manifest import read_manifest
from vasi.knowledge import Knowledge
from vasi.knowledge.embed import Embedder
from vasi.knowledge.index import Index, TextAnalyser
from vasi.language.ranking import rank_sentences
from vasi.storage.ports import NewDocument, NewPassage, Store, Vector
from vasi.testing.settings import reading_limits

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "retrieval"
OWNER = "bench"
ANALYSER = TextAnalyser()


@dataclass
class Tally:
    """What came of the questions of one set."""

    name: str
    questions: int = 0
    at_1: int = 0
    at_5: int = 0
    at_10: int = 0
    sentence: int = 0
    found: int = 0
    absent: int = 0
    recognised: int = 0
    milliseconds: list[float] = field(default_factory=list[float])
    cpu_milliseconds: list[float] = field(default_factory=list[float])

    def figures(self) -> dict[str, Any]:
        present = max(1, self.questions)
        return {
            "set": self.name,
            "questions": self.questions,
            "recall@1": self.at_1 / present,
            "recall@5": self.at_5 / present,
            "recall@10": self.at_10 / present,
            "sentence_hit": self.sentence / present,
            "found": self.found / present,
            "absent_questions": self.absent,
            "absent_recognised": self.recognised / self.absent if self.absent else None,
            "search_ms_median": _quantile(self.milliseconds, 0.5),
            "search_ms_p95": _quantile(self.milliseconds, 0.95),
            "search_cpu_ms_median": _quantile(self.cpu_milliseconds, 0.5),
            "search_cpu_ms_p95": _quantile(self.cpu_milliseconds, 0.95),
        }


def _quantile(times: list[float], part: float) -> float | None:
    return sorted(times)[int(len(times) * part)] if times else None


def _plain(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


def _holds(text: str, answers: list[str]) -> bool:
    plain = _plain(text)
    return any(_plain(answer) in plain for answer in answers)


async def _ask(knowledge: Knowledge, tally: Tally, question: str, answers: list[str], right: Any) -> None:
    started, worked = time.perf_counter(), time.process_time()
    result = await knowledge.search(OWNER, question, limit=10)
    tally.milliseconds.append((time.perf_counter() - started) * 1000)
    tally.cpu_milliseconds.append((time.process_time() - worked) * 1000)
    tally.questions += 1
    places = [place for place, one in enumerate(result.passages) if right(one.passage)]
    place = places[0] if places else 99
    tally.at_1 += place < 1
    tally.at_5 += place < 5
    tally.at_10 += place < 10
    tally.found += result.found
    best = [one.passage for one in result.passages[:5]]
    ranked = rank_sentences(question, [one.text for one in best], [one.heading for one in best])
    tally.sentence += bool(ranked) and _holds(ranked[0].text, answers)


async def _absent(knowledge: Knowledge, tally: Tally, question: str) -> None:
    tally.absent += 1
    tally.recognised += not (await knowledge.search(OWNER, question)).found


class Remembering:
    """An embedder that makes the vector of a passage once, however many libraries hold it."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.model, self.threshold = inner.model, inner.threshold
        self.contrast, self.multilingual = inner.contrast, inner.multilingual
        self._made: dict[str, Vector] = {}

    async def start(self) -> None:
        await self.inner.start()

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        if query:
            return await self.inner.embed(texts, query=True)
        new = [text for text in texts if text not in self._made]
        self._made |= dict(zip(new, await self.inner.embed(new), strict=True))
        return [self._made[text] for text in texts]

    async def close(self) -> None:
        """It serves the next library as well."""


async def _knowledge(store: Store, embedder: Remembering | None) -> Knowledge:
    """Over what ``store`` holds, all of which can be found by its meaning."""
    knowledge = Knowledge(store, Index(store, ANALYSER), limits=reading_limits(), embedder=embedder)
    await knowledge.learn()
    await knowledge.vectors_ready(OWNER)
    return knowledge


async def _index(kind: stores.Kind, path: Path, texts: list[str]) -> Store:
    store = stores.make(kind, path, ANALYSER)
    await store.open()
    for start in range(0, len(texts), 100):
        document = NewDocument(f"/{start}", str(start), "0", "text/plain", 1)
        await store.put_document(OWNER, document, [NewPassage(text) for text in texts[start : start + 100]])
    return store


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines()]


async def public(kind: stores.Kind, folder: Path, every: int, embedder: Remembering | None) -> list[Tally]:
    """The public sets: all passages for recall, each half for absent questions."""
    texts: dict[int, str] = {one["id"]: one["text"] for one in _lines("passages.jsonl")}
    questions = _lines("questions.jsonl")[::every]
    tallies = {name: Tally(name) for name in sorted({one["set"] for one in questions}, reverse=True)}
    store = await _index(kind, folder / "all.db", list(texts.values()))
    knowledge = await _knowledge(store, embedder)
    for one in questions:
        expected = texts[one["passage"]]
        await _ask(knowledge, tallies[one["set"]], one["question"], one["answers"], lambda p, e=expected: p.text == e)
    await store.close()
    ids = sorted(texts)
    random.Random(7).shuffle(ids)
    for name, half in (("a", ids[::2]), ("b", ids[1::2])):
        store = await _index(kind, folder / f"{name}.db", [texts[number] for number in half])
        knowledge = await _knowledge(store, embedder)
        inside = set(half)
        for one in questions:
            if one["passage"] not in inside:
                await _absent(knowledge, tallies[one["set"]], one["question"])
        await store.close()
    return list(tallies.values())


async def samples(kind: stores.Kind, folder: Path, embedder: Remembering | None) -> Tally:
    """The sample documents; a passage is right if it is of the right document and page."""
    store = stores.make(kind, folder / "samples.db", ANALYSER)
    await store.open()
    knowledge = await _knowledge(store, embedder)
    await knowledge.add(OWNER, [ROOT / "examples" / "documents"])
    await knowledge.vectors_ready(OWNER)
    tally = Tally("samples")
    for one in json.loads((ROOT / "examples" / "questions" / "questions.json").read_text("utf-8")):
        if one["kind"] == "absent":
            await _absent(knowledge, tally, one["question"])
        elif one["kind"] == "fact":
            document, page = one["document"], one.get("page")
            await _ask(
                knowledge,
                tally,
                one["question"],
                one["facts"],
                lambda p, d=document, n=page: p.document == d and n in (None, p.page),
            )
    await knowledge.close()
    await store.close()
    return tally


async def measure(kind: stores.Kind, every: int, model: Path | None = None) -> list[dict[str, Any]]:
    """All sets that are there; ``model`` is the folder of an embedder."""
    embedder = None if model is None else Remembering(LocalEmbedder(model, read_manifest(model)))
    with tempfile.TemporaryDirectory() as name:
        tallies = [await samples(kind, Path(name), embedder)]
        if SHARED.exists():
            tallies += await public(kind, Path(name), every, embedder)
    if embedder is not None:
        await embedder.inner.close()
    return [tally.figures() for tally in tallies]


def _show(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--every", type=int, default=1, help="ask only each Nth public question")
    parser.add_argument("--embedder", type=Path, help="folder of a model that finds passages by meaning")
    stores.add_option(parser)
    given = parser.parse_args()
    results = asyncio.run(measure(given.store, given.every, given.embedder))
    table = Table(title="Retrieval")
    table.add_column("")
    for result in results:
        table.add_column(result["set"], justify="right")
    for key in results[0]:
        if key != "set":
            table.add_row(key, *[_show(result[key]) for result in results])
    console = Console()
    console.print(table)
    if not SHARED.exists():
        console.print("The public question sets aren't beside the checkout: only the sample documents were asked.")
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

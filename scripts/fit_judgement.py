"""Fits the weights by which a search tells "found" from "not there", and writes them into the package.

Every question is asked of a library that holds its answer and of one from which it was taken out: the public sets of
``../shared/retrieval`` (of half of their passages, shuffled, and of half of their articles), the real documents of
``../shared/documents`` and of each folder given (``benchmarks/documents.py`` tells their form), and the samples. Beside
that, passages of the same documents that don't answer, and questions in which one deciding word was swapped for one of
another question: the other party, the other year. With an embedder, what it finds near is known of English questions.

The figures it prints are of each set, judged by weights that were fitted on all others.

The weights in the package were fitted with an embedder (MiniLM) and with folders of documents that don't come with the
project: with other folders they come out a little differently. ``benchmarks/documents.py`` tells whether they are
better.

    .venv/bin/python scripts/fit_judgement.py [--embedder FOLDER] [FOLDER ...]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import documents as real  # noqa: E402
from vasi.app import Vasi  # noqa: E402
from vasi.config import Settings  # noqa: E402
from vasi.engines.embedder.local import LocalEmbedder  # noqa: E402
from vasi.engines.embedder.manifest import read_manifest  # noqa: E402
from vasi.knowledge.embed import Embedder, VectorBackfill  # noqa: E402
from vasi.knowledge.evidence import Evidence, Question, placed, understand, weigh  # noqa: E402
from vasi.knowledge.index import Index, TextAnalyser  # noqa: E402
from vasi.knowledge.judgement import FEATURES, features  # noqa: E402
from vasi.knowledge.retrieve import FOUND, Examined, Retriever, title  # noqa: E402
from vasi.language.deciding import asked_words, stands_in  # noqa: E402
from vasi.language.detection import passage_language  # noqa: E402
from vasi.language.terms import stem, words  # noqa: E402
from vasi.storage.ports import NewDocument, NewPassage, Passage, Store  # noqa: E402
from vasi.storage.sqlite import SqliteStore  # noqa: E402

RETRIEVAL = ROOT.parent / "shared" / "retrieval"
TARGET = ROOT / "src" / "vasi" / "knowledge" / "judgement_weights.py"
OWNER = "local"
PASSAGES = 5
PENALTY = 1.0
"""Of the squares of the weights, of features scaled to unit variance."""
ARTICLE = 40
"""Passages of the public sets that are surely of one article or of neighbours."""

Case: TypeAlias = Literal["present", "absent", "elsewhere", "taken out", "half", "apart", "swapped"]
Matrix: TypeAlias = npt.NDArray[np.float64]

SET_WEIGHTS = {"samples": 1.5, "squad": 0.3, "nq": 0.5}
REAL = 4.0
"""Real documents are what people ask about; the public sets are many."""
CASE_WEIGHTS = {
    "present": 1.0, "absent": 6.0, "elsewhere": 1.0, "taken out": 0.5, "half": 0.5, "apart": 0.5, "swapped": 0.5,
}  # fmt: skip
"""What is asked about a document that doesn't tell it is rare here, and hard. elsewhere: in the documents that answer,
the passages that don't."""
SWAPPED = {"name": 0.8, "number": 0.8, "word": 0.4}
PUBLIC = ("squad", "nq")
PUBLIC_SWAPS = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """A passage that was found for a question, and whether it answers it."""

    question: int
    group: str
    set: str
    case: Case
    values: tuple[float, ...]
    right: bool
    weight: float


class Rows:
    """What was gathered so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._questions = 0
        self._swappable: list[tuple[str, str, str, Passage, Evidence, dict[str, int], int]] = []

    async def ask(
        self, retriever: Retriever, frequency: Frequency, set_: str, case: Case, group: str, text: str, right: Any
    ) -> None:
        """Ask ``text``; ``right`` tells whether a passage answers it."""
        examined = await retriever.examine(OWNER, text, limit=PASSAGES)
        if examined is None:
            return
        by_id = {one.id: one for one in examined.passages}
        ordered = list(examined.evidence)
        answering = [key for key in ordered if case == "present" and right(by_id[key])]
        best = ordered[:PASSAGES]
        if case == "present":
            self._add(examined, [key for key in best if key in answering], set_, case, group)
            if set_ not in PUBLIC:
                others = [key for key in ordered if key not in answering]
                self._add(examined, others[:PASSAGES], set_, "elsewhere", group)
        else:
            self._add(examined, best, set_, case, group)
        if answering and answering[0] in best:
            passage, evidence = by_id[answering[0]], examined.evidence[answering[0]]
            self._swappable.append((set_, group, text, passage, evidence, await frequency(text), frequency.total))

    def _add(self, examined: Examined, keys: Sequence[str], set_: str, case: Case, group: str) -> None:
        """A row for each of these passages, and one with what an embedder finds, if there is one."""
        self._questions += 1
        weight = SET_WEIGHTS.get(set_, REAL) * CASE_WEIGHTS[case]
        for place, key in enumerate(keys):
            share = weight if case == "present" else weight / 2 * (1.0 if place == 0 else 0.4)
            for nearness in dict.fromkeys((None, examined.nearness.get(key))):
                values = features(examined.question, examined.evidence[key], nearness)
                self.rows.append(Row(self._questions, group, set_, case, values, case == "present", share))

    def swap(self) -> None:
        """Ask again with one deciding word of another question instead: the passage answers that no more."""
        choose = random.Random(5)
        pool: dict[tuple[bool, str], list[tuple[str, str, str, int]]] = {}
        for set_, group, text, _, _, frequency, _ in self._swappable:
            for word in asked_words(text):
                if not word.light:
                    entry = (word.text, word.stem, group, frequency.get(word.text.lower(), 0))
                    pool.setdefault((set_ in PUBLIC, word.kind), []).append(entry)
        for set_, group, text, passage, evidence, frequency, total in self._swappable:
            language = passage_language(passage.text, passage.heading)
            there = {stem(word, language) for word in words(f"{title(passage)} {passage.text}")}
            asked = [word for word in asked_words(text, language) if not word.light and stands_in(word, there)]
            choose.shuffle(asked)
            for word in asked[:2]:
                others = pool.get((set_ in PUBLIC, word.kind), [])
                others = [one for one in choose.sample(others, min(30, len(others))) if one[2] != group]
                other = next((one for one in others if one[1] not in there and one[1] not in stems_of(text)), None)
                if other is None:
                    continue
                tokens = text.split()
                swapped = " ".join([*tokens[: word.place], other[0], *tokens[word.place + 1 :]])
                before = understand(text, frequency, total, language)
                question = understand(swapped, {**frequency, other[0].lower(): other[3]}, total, language)
                score = evidence.score * (1 - min(0.9, before.weights.get(word.stem, 0.0)))
                values = features(question, weighed(question, passage, score))
                weight = (
                    SET_WEIGHTS.get(set_, REAL)
                    * CASE_WEIGHTS["swapped"]
                    * SWAPPED[word.kind]
                    * (PUBLIC_SWAPS if set_ in PUBLIC else 1)
                )
                self._questions += 1
                self.rows.append(Row(self._questions, group, set_, "swapped", values, right=False, weight=weight))


def stems_of(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def weighed(question: Question, passage: Passage, score: float) -> Evidence:
    """The evidence of a passage for another question than it was found for."""
    language = passage_language(passage.text, passage.heading)
    return placed(weigh(question, passage.text, title(passage), language), score, None)


class Frequency:
    """How many passages hold each word of a text."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.total = 0

    async def __call__(self, text: str) -> dict[str, int]:
        found = await self._index.look_up(OWNER, words(text), word_limit=1, sound_limit=0)
        self.total = found.total
        return dict(found.frequency)


async def open_public(path: Path, texts: Iterable[str]) -> SqliteStore:
    store = SqliteStore(path, TextAnalyser())
    await store.open()
    await store.put_document(
        OWNER, NewDocument("/public", "", "0", "text/plain", 1), [NewPassage(text) for text in texts]
    )
    return store


def asking(store: Store, embedder: Embedder | None = None) -> tuple[Retriever, Frequency]:
    index = Index(store, TextAnalyser())
    return Retriever(store, index, embedder), Frequency(index)


async def fill_vectors(store: Store, embedder: Embedder) -> None:
    backfill = VectorBackfill(store, embedder)
    backfill.request(OWNER)
    await backfill.ready(OWNER)
    await backfill.close()


async def ask_public(rows: Rows, folder: Path) -> None:
    """The public questions of all passages, of half of them, and of those of other articles."""

    def read(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (RETRIEVAL / name).read_text("utf-8").splitlines()]

    texts: dict[int, str] = {one["id"]: one["text"] for one in read("passages.jsonl")}
    questions = read("questions.jsonl")
    shuffled = sorted(texts)
    random.Random(7).shuffle(shuffled)
    articles = [[one for one in texts if one // 60 % 2 == part] for part in (0, 1)]
    libraries: list[tuple[Case, list[int]]] = [
        ("present", sorted(texts)),
        ("half", shuffled[::2]),
        ("half", shuffled[1::2]),
        ("apart", articles[0]),
        ("apart", articles[1]),
    ]
    for number, (case, ids) in enumerate(libraries):
        store = await open_public(folder / f"{number}.db", [texts[one] for one in ids])
        inside = set(ids)
        retriever, frequency = asking(store)
        for one in questions:
            if (one["passage"] in inside) is (case == "present"):
                expected = texts[one["passage"]]
                group = f"{one['set']} {one['passage'] // ARTICLE}"
                await rows.ask(
                    retriever, frequency, one["set"], case, group, one["question"], lambda p, e=expected: p.text == e
                )
        await store.close()


async def ask_documents(rows: Rows, folders: Sequence[Path], set_: str, data: Path, embedder: Embedder | None) -> None:
    """Questions about real documents, with these and without them."""
    await real.read_library(folders, data)
    questions = [
        real.Asked.read(json.loads(line))
        for folder in folders
        for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()
        if line.strip()
    ]
    async with Vasi.open(Settings(data=data), engines=False) as vasi:
        retriever, frequency = asking(vasi.store, embedder)
        if embedder is not None:
            await fill_vectors(vasi.store, embedder)

        async def ask(one: real.Asked, case: Case) -> None:
            def right(passage: Passage) -> bool:
                there = passage.document.rpartition("/")[2] in one.documents
                return there and (passage.page in one.pages or one.answered_by(passage.text))

            await rows.ask(retriever, frequency, set_, case, min(one.documents, default=one.text), one.text, right)

        for one in questions:
            await ask(one, "present" if one.documents else "absent")
        for names in {one.documents for one in questions if one.documents}:
            there = [each for each in await vasi.store.documents(OWNER) if each.name.rpartition("/")[2] in names]
            async with real.without(vasi, there):
                for one in questions:
                    if one.documents == names:
                        await ask(one, "taken out")
            if embedder is not None:
                await fill_vectors(vasi.store, embedder)


def sample_folder(folder: Path) -> Path:
    """The samples in the form of the real documents."""
    shutil.copytree(ROOT / "examples" / "documents", folder / "files")
    lines: list[str] = []
    for one in json.loads((ROOT / "examples" / "questions" / "questions.json").read_text("utf-8")):
        row = {"question": one["question"], "kind": one["kind"], "answer_any": one.get("facts") or []}
        if one["kind"] == "fact":
            row |= {"document": one["document"], "document_any": one.get("also", []), "page": one.get("page")}
        if one["kind"] != "note":
            lines.append(json.dumps({"document": None, **row}))
    (folder / "questions.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def fit(x: Matrix, y: Matrix, weights: Matrix) -> tuple[float, Matrix]:
    """Bias and weights of a logistic regression, by Newton's method."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    scaled = np.column_stack([np.ones(len(x)), (x - mean) / scale])
    penalty = np.diag([0.0] + [PENALTY * weights.sum() / 100] * x.shape[1])
    beta = np.zeros(scaled.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-scaled @ beta))
        gradient = scaled.T @ (weights * (p - y)) + penalty @ beta
        curvature = (scaled * (weights * p * (1 - p))[:, None]).T @ scaled + penalty
        beta -= np.linalg.solve(curvature, gradient)
    found = beta[1:] / scale
    return float(beta[0] - (found * mean).sum()), found


def report(rows: Sequence[Row], relevance: Matrix) -> None:
    """Shares judged right, by set and case: "found" where it is there, else "not there"."""
    best: dict[tuple[str, str, int], float] = {}
    for row, value in zip(rows, relevance, strict=True):
        key = (row.set, row.case, row.question)
        best[key] = max(best.get(key, 0.0), value)
    for set_, case in sorted({key[:2] for key in best}):
        values = np.array([value for key, value in best.items() if key[:2] == (set_, case)])
        right = (values >= FOUND) == (case == "present")
        print(f"{set_:8} {case:10} {len(values):5} questions  {right.mean():.3f} right")


async def gather(folders: Sequence[Path], embedder_folder: Path | None) -> list[Row]:
    rows = Rows()
    embedder = LocalEmbedder(embedder_folder, read_manifest(embedder_folder)) if embedder_folder else None
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        await ask_documents(rows, [sample_folder(work / "samples")], "samples", work / "sample-data", embedder)
        for number, folder in enumerate(folders):
            await ask_documents(rows, [folder], folder.name, work / f"data-{number}", embedder)
        if RETRIEVAL.exists():
            await ask_public(rows, work)
    if embedder is not None:
        await embedder.close()
    rows.swap()
    return rows.rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", help="real documents with questions, beside the shared ones")
    parser.add_argument("--embedder", type=Path, help="folder of a model that finds passages by meaning")
    given = parser.parse_args()
    rows = asyncio.run(gather([*filter(Path.exists, [real.SHARED]), *given.folders], given.embedder))
    x = np.array([row.values for row in rows])
    y = np.array([float(row.right) for row in rows])
    weights = np.array([row.weight for row in rows])
    parts = np.array(["public" if row.set in PUBLIC else row.set for row in rows])
    relevance = np.zeros(len(rows))
    for part in sorted(set(parts.tolist())):
        bias, found = fit(x[parts != part], y[parts != part], weights[parts != part])
        relevance[parts == part] = 1 / (1 + np.exp(-bias - x[parts == part] @ found))
    report(rows, relevance)
    bias, found = fit(x, y, weights)
    lines = "".join(f"    {value:.3f},  # {name}\n" for name, value in zip(FEATURES, found, strict=True))
    TARGET.write_text(
        f'"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""\n\n'
        f"BIAS = {bias:.3f}\nWEIGHTS = (\n{lines})\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()

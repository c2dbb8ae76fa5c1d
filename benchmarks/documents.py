"""How good the answers from real documents are: every question typed through the whole product, built-in answerer.

A folder of documents (``files/``) has a ``questions.jsonl`` beside it, one question a line: ``question``, ``kind``,
``document`` (null: the answer is in none of them, and "not there" is right), ``document_any`` (others that hold it as
well), ``answer_any`` (one of these texts must stand in the answer), ``page`` and ``page_any``, ``language`` where it
isn't English. By default ``../shared/documents``, where it is.

Then every question is asked again with its documents taken out (leave-one-out), where "not there" is right.

    python -m benchmarks.documents [--folder FOLDER ...] [--embedder FOLDER] [--cache FOLDER] [--show] [--json FILE]

Without ``--embedder`` no passages are found by meaning, whatever is set up on the machine.

Whether an answer says "not there" is told without its words, since it is said in the language of the question: it
cites nothing and repeats no passage.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from rich.console import Console
from rich.table import Table

from vasi.app import Vasi
from vasi.cli import client
from vasi.config import Settings
from vasi.config.tables import EmbeddingSettings, EngineSettings
from vasi.language.terms import words
from vasi.storage.ports import Document, NewDocument, NewPassage

SHARED = Path(__file__).resolve().parents[2] / "shared" / "documents"
OWNER = "local"
NOT_THERE = "not there"
OWN_LANGUAGE = "own language"
_REPEATED = 6
"""So many words in a row that stand in a passage, too, are said out of it."""

Outcome: TypeAlias = Literal["right", "wrong", "other source", "not there", "invented", "elsewhere"]
"""What came of a question.

right: the answer is there; for a question without one: it was refused.
wrong: something else from the right document.
other source: something else, from other documents alone: the wrong party, plan or year.
not there: refused, though the answer is there.
invented: answered, though the answer isn't there.
elsewhere: answered from another document that holds the answer, too (leave-one-out); counted nowhere.
"""
Stage: TypeAlias = Literal["right", "not found", "refused", "other document", "other page", "other sentence"]
"""Where a question went wrong whose answer is there.

not found: no passage that was put before the answerer holds an accepted answer; of what follows, one does.
refused: "not there" all the same.
other document, other page, other sentence: what was said instead stands there.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the file."""

    text: str
    kind: str
    documents: frozenset[str]
    pages: frozenset[int]
    answers: tuple[str, ...]
    language: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> Asked:
        kind = str(row["kind"])
        return cls(
            text=row["question"],
            kind=kind,
            documents=frozenset(filter(None, (row["document"], *row.get("document_any", ())))),
            pages=frozenset(filter(None, (row.get("page"), *row.get("page_any", ())))),
            answers=tuple(row["answer_any"]),
            language=row.get("language") or ("other" if kind == OWN_LANGUAGE else "en"),
        )

    def answered_by(self, text: str) -> bool:
        """One of the accepted answers stands in ``text``."""
        plain = _plain(text)
        return any(_plain(answer) in plain for answer in self.answers)


@dataclass(frozen=True)
class Result:
    """One question and what came of it; ``taken_out``: its documents weren't in the library."""

    asked: Asked
    answer: client.Answer
    passages: Sequence[str]
    taken_out: bool

    @property
    def refused(self) -> bool:
        """Nothing is cited, and nothing is said out of a passage."""
        return not self.answer.citations and not _repeats(self.answer.answer, self.passages)

    @property
    def cited(self) -> bool:
        """The right page of the right document is cited, maybe among others."""
        pages = self.asked.pages
        return any(
            one.document.rpartition("/")[2] in self.asked.documents and (not pages or one.page in pages)
            for one in self.answer.citations
        )

    @property
    def right_document(self) -> bool:
        return any(one.document.rpartition("/")[2] in self.asked.documents for one in self.answer.citations)

    @cached_property
    def outcome(self) -> Outcome:
        if self.taken_out or not self.asked.documents:
            if self.refused:
                return "right"
            return "elsewhere" if self.taken_out and self.asked.answered_by(self.answer.answer) else "invented"
        if self.asked.answered_by(self.answer.answer):
            return "right"
        if self.refused:
            return "not there"
        return "wrong" if self.right_document else "other source"

    @property
    def stage(self) -> Stage:
        """Of a question whose answer is there."""
        if self.outcome == "right":
            return "right"
        if not any(map(self.asked.answered_by, self.passages)):
            return "not found"
        if self.refused:
            return "refused"
        if not self.right_document:
            return "other document"
        return "other sentence" if self.cited else "other page"


def _plain(text: str) -> str:
    """As it is compared: one space between words, no case, no typographic marks."""
    text = unicodedata.normalize("NFKC", text).translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'})
    return " ".join(re.sub(r"[\u2010-\u2015]", "-", text).casefold().split())


def _repeats(answer: str, passages: Iterable[str]) -> bool:
    said = words(answer)
    runs = {tuple(said[at : at + _REPEATED]) for at in range(len(said) - _REPEATED + 1)}
    if not runs:
        return False
    for passage in passages:
        there = words(passage)
        if any(tuple(there[at : at + _REPEATED]) in runs for at in range(len(there) - _REPEATED + 1)):
            return True
    return False


@dataclass
class _Watched:
    """A link that remembers the passages which were put before the answerer."""

    link: client.Link
    passages: list[str] = field(default_factory=list[str])

    async def send(self, frame: str) -> None:
        await self.link.send(frame)

    async def receive(self) -> str | None:
        frame = await self.link.receive()
        if frame is not None and '"vasi.passages"' in frame:
            event = json.loads(frame)
            self.passages += [one["text"] for one in event.get("passages", ())]
        return frame

    async def close(self) -> None:
        await self.link.close()


async def ask(vasi: Vasi, asked: Asked, *, taken_out: bool = False) -> Result:
    """In a session of its own, for a written answer."""
    link = _Watched(vasi.connect(OWNER))
    try:
        answer = await client.ask(link, client.Question(asked.text, spoken_answer=False), time.monotonic)
    finally:
        await link.close()
    return Result(asked, answer, link.passages, taken_out)


@asynccontextmanager
async def without(vasi: Vasi, documents: Sequence[Document]) -> AsyncGenerator[None, None]:
    """The library without ``documents``; they are put back as they were read."""
    kept = [(one, await vasi.store.document_passages(OWNER, one.id)) for one in documents]
    for document, _ in kept:
        await vasi.store.remove_document(OWNER, document.id)
    try:
        yield
    finally:
        for one, passages in kept:
            document = NewDocument(
                one.source, one.name, one.digest, one.media_type, one.size, one.pages, one.title, one.warnings
            )
            texts = [NewPassage(each.text, each.heading, each.page, each.start, each.end) for each in passages]
            await vasi.store.put_document(OWNER, document, texts)


async def leave_one_out(vasi: Vasi, questions: Sequence[Asked]) -> list[Result]:
    """Every question with an answer, asked of a library that lacks its documents."""
    by_documents: dict[frozenset[str], list[Asked]] = {}
    for one in questions:
        if one.documents:
            by_documents.setdefault(one.documents, []).append(one)
    results: list[Result] = []
    for names, group in by_documents.items():
        there = [one for one in await vasi.store.documents(OWNER) if one.name.rpartition("/")[2] in names]
        async with without(vasi, there):
            results += [await ask(vasi, one, taken_out=True) for one in group]
    return results


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def summary(results: Sequence[Result]) -> dict[str, float | None]:
    """Shares of 1 of some results, asked with or without their documents.

    ``wrong_party`` of all questions: those that were answered though the answer isn't there, and those that were
    answered wrong and from other documents alone.
    """
    counted = [one for one in results if one.outcome != "elsewhere"]
    there = [one for one in counted if one.asked.documents and not one.taken_out]
    absent = [one for one in counted if one.taken_out or not one.asked.documents]
    falsely = sum(one.outcome == "not there" for one in there)
    invented = sum(one.outcome == "invented" for one in absent)
    elsewhere = sum(one.outcome == "other source" for one in there)
    return {
        "questions": len(counted),
        "right": _share(sum(one.outcome == "right" for one in there), len(there)),
        "page_cited": _share(sum(one.cited for one in there), len(there)),
        "falsely_not_there": _share(falsely, len(there)),
        "refused": _share(sum(one.outcome == "right" for one in absent), len(absent)),
        "wrong_party": _share(invented + elsewhere, len(counted)),
        "ms_median": statistics.median(one.answer.timings.total for one in counted) if counted else None,
    }


def figures(asked: Sequence[Result], taken_out: Sequence[Result]) -> dict[str, dict[str, float | None]]:
    """All, by language, by kind, and leave-one-out."""
    rows = {"all": summary(asked)}
    there = [one for one in asked if one.asked.documents]
    rows["English"] = summary([one for one in there if one.asked.language == "en"])
    rows["other languages"] = summary([one for one in there if one.asked.language != "en"])
    for kind in sorted({one.asked.kind for one in asked}):
        rows[kind] = summary([one for one in asked if one.asked.kind == kind])
    if taken_out:
        rows["leave one out"] = summary(taken_out)
    return rows


def settings(data: Path, embedder: Path | None) -> Settings:
    """Of a library in ``data``, with the embedder in a folder, or none."""
    return Settings(
        data=data,
        engines=EngineSettings(embedder="folder" if embedder else "none"),
        embeddings=EmbeddingSettings(folder=embedder),
    )


async def read_library(folders: Sequence[Path], data: Path, embedder: Path | None = None) -> None:
    """Read the documents of all ``folders`` into the data folder; what was read before and is unchanged is kept."""
    async with Vasi.open(settings(data, embedder), engines=False) as vasi:
        wanted = [folder / "files" for folder in folders]
        for document in await vasi.knowledge.documents(OWNER):
            if not any(Path(document.source).is_relative_to(folder.resolve()) for folder in wanted):
                await vasi.knowledge.remove(OWNER, document.id)
        report = await vasi.knowledge.add(OWNER, wanted)
        for failure in report.failed:
            print(f"not read: {failure}", file=sys.stderr)
        if embedder is not None and await vasi.knowledge.documents(OWNER):
            await vasi.knowledge.search(OWNER, "vectors")  # asks for those that are lacking
        await vasi.knowledge.vectors_ready(OWNER)


async def measure(
    folders: Sequence[Path], cache: Path | None, *, leaving_out: bool, only: str = "", embedder: Path | None = None
) -> tuple[list[Result], list[Result]]:
    """Ask everything of one library made of all ``folders``; returns the results and those of leave-one-out."""
    questions = [
        Asked.read(json.loads(line))
        for folder in folders
        for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()
        if line.strip()
    ]
    questions = [one for one in questions if only.lower() in f"{one.kind} {one.text} {sorted(one.documents)}".lower()]
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        if cache is None:
            await read_library(folders, data, embedder)
        else:
            await read_library(folders, cache, embedder)
            shutil.copytree(cache, data)  # documents are taken out of the copy
        async with Vasi.open(settings(data, embedder)) as vasi:
            await vasi.ready()
            results = [await ask(vasi, one) for one in questions]
            return results, await leave_one_out(vasi, questions) if leaving_out else []


def _complain(result: Result) -> None:
    asked = result.asked
    stage = ", taken out" if result.taken_out else f", {result.stage}" if asked.documents else ""
    print(f"[{result.outcome}{stage}] {asked.kind}: {asked.text}")
    print(f"   said    {result.answer.answer}")
    print(f"   wanted  {list(asked.answers)} in {sorted(asked.documents)} page {sorted(asked.pages)}")
    print(f"   cited   {[(one.document, one.page, one.score) for one in result.answer.citations]}")


def _show(rows: dict[str, dict[str, float | None]], embedder: str) -> None:
    table = Table(title=f"Answers from documents (embedder: {embedder})")
    table.add_column("")
    for key in rows["all"]:
        table.add_column(key.replace("_", " "), justify="right")
    for name, row in rows.items():
        table.add_row(name, *("-" if value is None else f"{value:g}" for value in row.values()))
    Console(width=120).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, action="append", help="files/ and questions.jsonl; several make one library"
    )
    parser.add_argument("--cache", type=Path, help="keep the read library there: the next run reads what changed")
    parser.add_argument("--embedder", type=Path, help="folder of a model that finds passages by meaning")
    parser.add_argument("--no-leave-one-out", action="store_true", help="ask with all documents there alone")
    parser.add_argument("--only", default="", help="questions alone whose kind, text or document holds this")
    parser.add_argument("--show", action="store_true", help="show every question that went wrong")
    parser.add_argument("--json", type=Path, help="write the figures there")
    given = parser.parse_args()
    folders: list[Path] = given.folder or [SHARED]
    missing = [folder for folder in folders if not (folder / "questions.jsonl").exists()]
    if missing:
        print(f"There are no documents with questions in {missing[0]}: nothing was asked.")
        if given.json:
            given.json.write_text("{}\n", "utf-8")
        return
    results, taken_out = asyncio.run(
        measure(
            folders,
            given.cache,
            leaving_out=not given.no_leave_one_out,
            only=given.only,
            embedder=given.embedder,
        )
    )
    for result in [*results, *taken_out] if given.show else ():
        if result.outcome not in ("right", "elsewhere") or (
            result.asked.documents and not result.taken_out and not result.cited
        ):
            _complain(result)
    rows = figures(results, taken_out)
    embedder = given.embedder.name if given.embedder else "none"
    _show(rows, embedder)
    stages = Counter(one.stage for one in results if one.asked.documents)
    print("Where questions went: " + ", ".join(f"{stage} {count}" for stage, count in stages.most_common()))
    if given.json:
        given.json.write_text(json.dumps({"embedder": embedder, "stages": stages, **rows}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

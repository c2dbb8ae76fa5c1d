"""How good the answers are: every question about the sample documents, spoken and typed, through the whole gateway.

Counts, for spoken and for typed questions: the right document cited, a fact in the answer, and for questions about
what isn't in the documents: "not there". Also the times from the end of speech.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vasi.app import Vasi
from vasi.cli import client
from vasi.config import Settings
from vasi.config.tables import EngineSettings
from vasi.media import wav

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "examples" / "questions"
DOCUMENTS = ROOT / "examples" / "documents"
NOT_THERE = "could not find that"


@dataclass(frozen=True, slots=True)
class Result:
    """One question and what came of it."""

    question: dict[str, Any]
    answer: client.Answer

    @property
    def cited(self) -> bool:
        """One of the documents that hold the answer was cited."""
        right = {self.question["document"], *self.question.get("also", ())}
        return any(citation.document in right for citation in self.answer.citations)

    @property
    def correct(self) -> bool:
        """One of the accepted facts stands in the answer as whole words."""
        return any(
            re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", self.answer.answer, re.IGNORECASE)
            for fact in self.question["facts"]
        )

    @property
    def not_there(self) -> bool:
        """The answer says that the documents don't hold it."""
        return NOT_THERE in self.answer.answer


async def ask_all(vasi: Vasi, questions: Sequence[dict[str, Any]], *, spoken: bool) -> list[Result]:
    """Each question in a session of its own."""
    results: list[Result] = []
    for question in questions:
        link = vasi.connect("local")
        asked = client.Question(text=question["question"])
        if spoken:
            samples = wav.read((QUESTIONS / question["wav"]).read_bytes(), client.RATE)
            asked = client.Question(samples=samples, paced=False)
        results.append(Result(question, await client.ask(link, asked, time.monotonic)))
        await link.close()
    return results


def summary(results: Sequence[Result]) -> dict[str, float]:
    """Shares of 1."""
    facts = [result for result in results if result.question["kind"] == "fact"]
    absent = [result for result in results if result.question["kind"] == "absent"]
    return {
        "questions": len(results),
        "cited": _share([result.cited for result in facts]),
        "correct": _share([result.correct for result in facts]),
        "not_there": _share([result.not_there for result in absent]),
        "first_audio_ms": statistics.median(result.answer.timings.speech_end_to_first_audio or 0 for result in results),
    }


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / max(1, len(values)), 3)


async def measure(data: Path, *, show: bool) -> dict[str, dict[str, float]]:
    """Spoken (those with recordings) and typed (all)."""
    asked = [q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q["kind"] != "note"]
    found: dict[str, dict[str, float]] = {}
    # What is said is measured, not how: the voice that takes no time says it.
    settings = Settings(data=data, audio_lead_ms=None, engines=EngineSettings(tts="espeak"))
    async with Vasi.open(settings, engines=False) as vasi:
        await vasi.knowledge.add("local", [DOCUMENTS])
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        for name, spoken in (("spoken", True), ("typed", False)):
            chosen = [q for q in asked if q["wav"]] if spoken else asked
            results = await ask_all(vasi, chosen, spoken=spoken)
            found[name] = summary(results)
            for result in results if show else ():
                good = result.not_there if result.question["kind"] == "absent" else result.correct and result.cited
                if not good:
                    _complain(name, result)
    return found


def _complain(name: str, result: Result) -> None:
    question = result.question
    print(f"{name} {question['id']}: {question['question']}")
    print(f"   heard   {result.answer.transcript}")
    print(f"   said    {result.answer.answer}")
    print(f"   wanted  {question['facts']} in {question['document']} page {question['page']}")
    print(f"   cited   {[(c.document, c.page, c.score) for c in result.answer.citations]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--show", action="store_true", help="show every question that went wrong")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder), show=arguments.show))
    for name, row in figures.items():
        print(f"{name:8}" + "".join(f"  {key} {value:g}" for key, value in row.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

"""How an answer is shown."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vasi.cli.client import Answer
from vasi.cli.terminal import one_line, print_json, stdout

_SHOWN = 3
_EXCERPT = 160


def as_json(answer: Answer, audio: Path | None) -> dict[str, Any]:
    """The object that ``vasi ask --json`` prints."""
    return {
        "transcript": answer.transcript,
        "answer": answer.answer,
        "citations": [asdict(citation) for citation in answer.citations],
        "timings": asdict(answer.timings),
        "audio": str(audio) if audio else None,
        "tools": list(answer.tools),
    }


def print_answer_json(answer: Answer, audio: Path | None) -> None:
    """One JSON object on stdout."""
    print_json(as_json(answer, audio))


def print_answer(answer: Answer, audio: Path | None) -> None:
    """For people: what was heard, the answer, its sources, the timings."""
    console = stdout()
    if answer.transcript is not None:
        console.print(f"You said:  {answer.transcript or '(nothing that could be understood)'}", style="dim")
        console.print()
    console.print(answer.answer or "(no answer)", style="bold")
    if answer.citations:
        console.print()
    for citation in answer.citations[:_SHOWN]:
        console.print(f"  {place(citation.document, citation.page)}", style="cyan")
        console.print(f"    {_excerpt(citation.passage)}", style="dim")
    timings = answer.timings
    parts = [
        ("transcript", timings.speech_end_to_transcript),
        ("first words", timings.speech_end_to_first_text),
        ("first sound", timings.speech_end_to_first_audio),
        ("whole answer", timings.total),
    ]
    console.print()
    shown = " · ".join(f"{name} {ms} ms" for name, ms in parts if ms is not None)
    console.print(f"After the question: {shown}", style="dim")
    if audio:
        console.print(f"Spoken answer: {audio}", style="dim")


def place(document: str, page: int | None) -> str:
    """Where a passage stands, for people."""
    return one_line(f"{document}, page {page}" if page else document)


def count(number: int, what: str) -> str:
    """How many, for people.

    >>> count(1, "page"), count(2, "page")
    ('1 page', '2 pages')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _excerpt(passage: str) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rsplit(" ", 1)[0] + " ..."

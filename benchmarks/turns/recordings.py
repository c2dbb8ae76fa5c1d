"""Labelled speech: where in a recording somebody begins to speak, pauses and is done.

The set is ``../shared/speech``. Where that isn't present, the spoken questions of ``examples/`` stand in for it: they
are made by a synthesiser between digital silence, so that their labels can be read off the samples.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from vasi.media import wav
from vasi.media.pcm import Samples

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "speech"
QUESTIONS = ROOT / "examples" / "questions"
AUDIBLE = 300
"""A sample of a synthesised voice this loud is speech."""
PAUSE_MS = 100
"""Less than this between two sounds is no pause."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording.

    Attributes:
        name: its file.
        onset_ms: where speech begins.
        end_ms: where speech ends.
        transcript: what is said.
        kind: "human", "tts", or "human+edit" for one with an inserted pause.
        pauses: begin and end in ms of the pauses that are labelled.
    """

    name: str
    onset_ms: int
    end_ms: int
    transcript: str
    kind: str
    pauses: tuple[tuple[int, int], ...] = ()

    def samples(self, rate: int) -> Samples:
        """``int16[n]`` at ``rate`` Hz."""
        return _read(self.name, rate)


def are_labelled() -> bool:
    """Whether the labelled set is here."""
    return (SHARED / "index.csv").exists()


def recordings(names: Sequence[str] = ()) -> list[Recording]:
    """Those named (all without a name); without the labelled set, as many of the examples without a pause."""
    if not are_labelled():
        examples = _examples()
        return [one for one in examples if not one.pauses][: len(names)] if names else examples
    with (SHARED / "index.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["file"]: _labelled(row) for row in csv.DictReader(file) if (SHARED / row["file"]).exists()}
    return [rows[name] for name in names if name in rows] if names else list(rows.values())


def _labelled(row: dict[str, str]) -> Recording:
    pause = re.search(r"pause_start_s=([\d.]+);pause_end_s=([\d.]+)", row["note"] or "")
    return Recording(
        row["file"],
        _ms(row["speech_start_s"]),
        _ms(row["speech_end_s"]),
        row["transcript"],
        row["kind"],
        ((_ms(pause[1]), _ms(pause[2])),) if pause else (),
    )


def _ms(seconds: str) -> int:
    return round(float(seconds) * 1000)


def _examples() -> list[Recording]:
    asked = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    return [_measured(question["wav"], question["question"]) for question in asked if question.get("wav")]


def _measured(name: str, transcript: str) -> Recording:
    loud = np.flatnonzero(np.abs(_read(name, 16_000).astype(np.int32)) >= AUDIBLE) // 16
    gaps = np.flatnonzero(np.diff(loud) >= PAUSE_MS)
    pauses = tuple((int(loud[gap]), int(loud[gap + 1])) for gap in gaps)
    return Recording(name, int(loud[0]), int(loud[-1]) + 1, transcript, "tts", pauses)


@cache
def _read(name: str, rate: int) -> Samples:
    folder = SHARED if (SHARED / name).exists() else QUESTIONS
    return wav.read((folder / name).read_bytes(), rate)

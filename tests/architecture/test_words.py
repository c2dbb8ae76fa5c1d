"""Words that were replaced by the field's terms don't come back, in source, app and docs.

A word is added here when its last use is gone. Names and texts alike are searched, word by word, whatever their case.
"""

from __future__ import annotations

import re

import pytest

from tests.architecture.test_tree import ROOT, tree

PLACES = ("src", "frontend/src", "docs")
REPLACED = {
    "Absence": "Presence",
    "As the (server|system) has it": "Server default, System default",
    "[Bb]ereft": "microphoneLost",
    "borrowed_entries": "provider_entries",
    '"Care"': "Maintenance",
    "amid (this|an) answer": "during this response",
    "Bell\\(": "ChangeNotifier",
    "(can't|could) be had": "unavailable, obtained",
    "[Dd]oorman": "origin policy",
    "deaf": "failed",
    "_?dice(?=[.=]| =)": "rng",
    "deeds?": "operation, tool call",
    "Door": "RealtimeEndpoint",
    "dress": "applyTheme",
    "class Patience": "ReconnectPolicy",
    "engines here": "built-in engines",
    "fruitful": "made_progress",
    "grew old": "reached its maximum age",
    "goes still": "stops responding",
    "Happening": "Action",
    "How fast it speaks": "Speech rate",
    "[Hh]ung up": "closed the connection",
    "hangs up on": "closes the connection",
    "hurry\\(": "probe",
    "import client_events as said": "as client",
    "LastingLinks?": "ResumableConnection",
    "letters, digits and marks": "printable ASCII characters",
    '"Looks"': "Appearance",
    "mended first": "fixed first",
    "[Mm]ay knock": "is authorised",
    "never go back": "monotonic seconds",
    "melody": "prosody",
    "[Nn]o (conversation|note) fits": "No matching notes",
    "[Nn]obody's business": "not shown to the client",
    "retold": "replayed",
    "_?re(tell|sound)\\(": "_replay, _replay_audio",
    "Resting": "CircuitOpen",
    "Seat": "resumption ticket",
    "Size of the words": "Text size",
    "stands in your documents": "Ask about your documents",
    "The default one is used now": "using the default microphone",
    "[Tt]old of the words": "taught the words",
    "unheard of": "unknown",
    "Visitor": "Caller or Principal",
    "Who may knock": "origin policy",
    "[Ww]hat writes down": "Transcription model",
    "[Ww]hose API it is": "API dialect",
    "wishes": "requests, settings",
    "(is|are) worked on": "is processed, reconnection is attempted",
    "without a word or a deed": "without activity",
}
"""What must not come back, as a regular expression for a whole word or phrase, and what to say instead."""


def uses(word: str, text: str) -> list[int]:
    """The lines of ``text`` that hold ``word``."""
    pattern = re.compile(rf"(?<![A-Za-z]){word}(?![A-Za-z])")
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every file of the places by its path."""
    paths = {path.relative_to(ROOT).as_posix(): path for path in [*tree(), *(ROOT / "frontend" / "src").rglob("*.ts*")]}
    found = {name: path.read_text(encoding="utf-8") for name, path in paths.items() if name.startswith(PLACES)}
    assert len(found) > 300
    return found


@pytest.mark.parametrize("word", REPLACED)
def test_a_replaced_word_does_not_come_back(word: str, texts: dict[str, str]) -> None:
    back = [f"{name}:{line}" for name, text in texts.items() for line in uses(word, text)]
    assert back == [], f"say {REPLACED[word]!r}"


@pytest.mark.parametrize(
    ("word", "line", "found"),
    [
        ("[Dd]oorman", "from vasi.web import doorman", True),
        ("[Dd]oorman", "class Doorman:", True),
        ("Bell", "Bell()", True),
        ("Bell", "a Bellman", False),
        ("deed", "self._deed = 1", True),
        ("deed", "indeed", False),
        ("never go back", "seconds that never go back", True),
    ],
)
def test_a_word_is_found_as_a_whole(word: str, line: str, found: bool) -> None:
    assert bool(uses(word, line)) is found

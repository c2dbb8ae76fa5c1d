"""The how-to about notes: each sentence of it is said, in its order, and answered as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notes.talks import note_talk

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/notes.md"
_ROW = re.compile(r"^\| (?P<said>[^|]+?) \| (?P<answer>[^|]+?) \|$", re.MULTILINE)


_OTHERS = "## In other languages"


async def test_the_guide_is_true_line_by_line(tmp_path: Path) -> None:
    spoken = rows(GUIDE.read_text("utf-8").partition(_OTHERS)[0])
    assert len(spoken) > 25
    assert await said(tmp_path, spoken) == spoken


@pytest.mark.parametrize("language", ["Deutsch", "Français", "Español", "Português", "日本語", "العربية"])
async def test_so_are_its_conversations_in_other_languages(tmp_path: Path, language: str) -> None:
    sections = GUIDE.read_text("utf-8").partition(_OTHERS)[2].split("\n### ")
    (spoken,) = [rows(section) for section in sections if section.startswith(language)]
    assert len(spoken) > 25
    assert await said(tmp_path, spoken) == spoken


def rows(text: str) -> list[tuple[str, str]]:
    """What is said and answered in the tables of ``text``."""
    found = [row.group("said", "answer") for row in _ROW.finditer(text)]
    return [row for row in found if row != ("You", "vasi")]


async def said(folder: Path, spoken: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same with the answers that are really given."""
    async with note_talk(folder) as talk:
        return [(utterance, await talk.say(utterance)) for utterance, _ in spoken]

"""The how-to about notes: each sentence of it is said, in its order, and answered as it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.notes.talks import note_talk

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/notes.md"
_ROW = re.compile(r"^\| (?P<said>[^|]+?) \| (?P<answer>[^|]+?) \|$", re.MULTILINE)


async def test_the_guide_is_true_line_by_line(tmp_path: Path) -> None:
    rows = [row.group("said", "answer") for row in _ROW.finditer(GUIDE.read_text("utf-8"))]
    spoken = [row for row in rows if row != ("You", "vasi")]
    assert len(spoken) > 25
    heard: list[tuple[str, str]] = []
    async with note_talk(tmp_path) as talk:
        for said, _ in spoken:
            heard.append((said, await talk.say(said)))
    assert heard == spoken

"""The how-to about asking: each question of it is asked, in its order, of the files that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from tests.gateway.sessions import session
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index
from vasi.tools.library import library_tools
from vasi.tools.search import search_tool

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/asking.md"
_FILE = re.compile(r"^`(?P<name>[\w.]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (?P<said>[^|]+?) \| (?P<answer>[^|]+?) \|$", re.MULTILINE)


async def test_the_guide_is_true_line_by_line(tmp_path: Path, knowledge: Knowledge, index: Index) -> None:
    guide = GUIDE.read_text("utf-8")
    for file in _FILE.finditer(guide):
        (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    for file in sorted(tmp_path.iterdir()):  # one after the other: the list of documents is in the order of their times
        assert len((await knowledge.add("ann", [file])).added) == 1
    asked = [row.group("said", "answer") for row in _ROW.finditer(guide) if row["said"] != "You"]
    assert len(asked) > 12
    answers: list[tuple[str, str]] = []
    async with session(ExtractiveLlm(), [search_tool(knowledge), *library_tools(knowledge)], owner="ann") as table:
        for question, _ in asked:
            response = await table.client.say(question, output_modalities=["text"])
            (item,) = [item for item in response["output"] if item["type"] == "message"]
            text = " ".join("".join(part["text"] for part in item["content"]).split())
            answers.append((question, text))
    assert answers == asked

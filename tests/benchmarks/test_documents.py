"""The benchmark over real documents: what it counts as right, as refused and as invented."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from benchmarks import documents

ROWS = (
    {
        "document": "ferry.md",
        "question": "When does the ferry to Olden leave?",
        "answer_any": ["06:40"],
        "kind": "fact",
    },
    {"document": None, "question": "Who painted the ceiling of the chapel?", "answer_any": [], "kind": "not there"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = tmp_path / "library" / "files"
    files.mkdir(parents=True)
    (files / "ferry.md").write_text("# Ferry\n\nThe ferry to Olden leaves at 06:40 from pier 3.\n", "utf-8")
    (files / "baking.md").write_text("# Baking\n\nThe rye bread bakes for fifty minutes in a hot oven.\n", "utf-8")
    questions = files.parent / "questions.jsonl"
    questions.write_text("".join(json.dumps({"page": None, **row}) + "\n" for row in ROWS), "utf-8")
    return files.parent


def test_questions_are_asked_with_their_document_and_without_it(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    asked, taken_out = asyncio.run(documents.measure([folder], cache, leaving_out=True))
    assert [result.outcome for result in asked] == ["right", "right"]
    assert [result.outcome for result in taken_out] == ["right"]
    assert asked[0].cited
    rows = documents.figures(asked, taken_out)
    assert rows["all"]["right"] == rows["all"]["refused"] == rows["leave one out"]["refused"] == 1
    # Documents are taken out of a copy: those that were read before are all there in the next run.
    again, _ = asyncio.run(documents.measure([folder], cache, leaving_out=False))
    assert [result.outcome for result in again] == ["right", "right"]


def test_an_answer_to_what_is_not_there_is_invented(folder: Path) -> None:
    absent = {
        "question": "When does the ferry to Olden leave?",
        "document": None,
        "answer_any": [],
        "kind": "not there",
    }
    (folder / "questions.jsonl").write_text(json.dumps(absent), "utf-8")
    ((result,), _) = asyncio.run(documents.measure([folder], None, leaving_out=False))
    assert result.outcome == "invented"


def test_a_missing_folder_is_told_of(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["documents", "--folder", str(tmp_path), "--json", str(tmp_path / "figures.json")])
    documents.main()
    assert "nothing was asked" in capsys.readouterr().out
    assert (tmp_path / "figures.json").exists()

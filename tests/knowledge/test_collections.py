"""Shared documents are found beside one's own, as if all of them were one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vasi.errors import ClientError, LimitError
from vasi.knowledge import Knowledge
from vasi.knowledge.collections import Collections
from vasi.storage.ports import Store

EXAMPLES = Path(__file__).parents[2] / "examples"


async def test_a_split_library_answers_like_a_whole_one(knowledge: Knowledge, store: Store) -> None:
    """The same documents, of one owner or of a reader and two collections: the same passages in the same order."""
    collections = Collections(store)
    club = await collections.add("Club", everyone=True)
    board = await collections.add("Board", everyone=False, groups=["board"])
    readable = await collections.readable("ann", ["board"])
    assert readable == ("ann", board.owner, club.owner)
    for number, file in enumerate(sorted((EXAMPLES / "documents").iterdir())):
        for owner in ("whole", readable[number % 3]):
            assert not (await knowledge.add(owner, [file])).failed
    questions: list[dict[str, Any]] = json.loads((EXAMPLES / "questions" / "questions.json").read_text())
    shared = 0
    for question in questions:
        for spoken in (False, True):
            whole = await knowledge.search("whole", question["question"], spoken=spoken)
            split = await knowledge.search(readable, question["question"], spoken=spoken)
            assert split.found == whole.found, question
            shown = [[(one.passage.text, round(one.score, 6)) for one in found.passages] for found in (split, whole)]
            assert shown[0] == shown[1], question
            assert split.missing == whole.missing
            shared += any(one.passage.collection is not None for one in split.passages)
    assert shared > len(questions) // 2


async def test_a_reader_finds_what_is_shared_with_their_groups_and_nothing_else(
    knowledge: Knowledge, store: Store, tmp_path: Path
) -> None:
    collections = Collections(store)
    board = await collections.add("Board", everyone=False, groups=["board"])
    (tmp_path / "plan.md").write_text("The zeppelin hangar is rented until 2031.")
    await knowledge.add(board.owner, [tmp_path])
    question = "Until when is the zeppelin hangar rented?"
    for groups, found in ((["board", "x"], True), (["x"], False), ([], False)):
        result = await knowledge.search(await collections.readable("ann", groups), question)
        assert result.found is found
        assert bool(result.passages) is found


async def test_collections_are_named_and_have_an_audience(store: Store) -> None:
    collections = Collections(store)
    made = await collections.add("  The\tclub ", everyone=False, groups=["a", " a ", "b"])
    assert (made.name, made.groups, made.everyone) == ("The club", ("a", "b"), False)
    changed = await collections.change(made.id, groups=["c"])
    assert (changed.name, changed.groups, changed.everyone) == ("The club", ("c",), False)
    opened = await collections.change(made.id, everyone=True)
    assert (opened.groups, opened.everyone) == ((), True)
    renamed = await collections.change(made.id, name="Club")
    assert (renamed.name, renamed.everyone) == ("Club", True)
    closed = await collections.change(made.id, groups=["d"])
    assert (closed.groups, closed.everyone) == (("d",), False)
    for wrong in ({"name": " "}, {"everyone": False, "groups": []}):
        with pytest.raises(ClientError):
            await collections.change(made.id, **wrong)  # type: ignore[arg-type]
    with pytest.raises(LimitError):
        await collections.add("x" * 81, everyone=True)

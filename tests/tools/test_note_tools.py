"""The note tools, as a model calls them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vasi.errors import NotFoundError, ToolError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.notes import Notes
from vasi.storage.sqlite import SqliteStore
from vasi.tools.notes import note_tools
from vasi.tools.ports import ToolContext, ToolResult

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Desk:
    """The tools and the notes that they work on; each call is a minute after the one before."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.tools = {tool.name: tool for tool in note_tools(notes)}
        self.now = NOON
        self.last = ToolResult("")

    async def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        self.last = await self.tools[name].run(ToolContext("anna", self.now), json.dumps(arguments))
        return json.loads(self.last.output)

    async def take(self, *texts: str) -> list[str]:
        return [(await self.call("take_note", text=text))["note"]["id"] for text in texts]

    async def texts(self) -> list[str]:
        return sorted(note.text for note in await self.notes.list("anna"))

    def changes(self) -> list[tuple[str, str]]:
        return [(change.action, change.note.text) for change in self.last.changes]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    analyser = TextAnalyser()
    store = SqliteStore(tmp_path / "vasi.db", analyser)
    await store.open()
    yield Desk(Notes(store, Index(store, analyser)))
    await store.close()


# --- taking back ------------------------------------------------------------------------------------------------------
async def test_whatever_was_done_last_is_taken_back_and_done_again(desk: Desk) -> None:
    (note_id,) = await desk.take("the milk is in the shed")
    assert (await desk.call("undo_last_change"))["undone"] == "added"
    assert (await desk.texts(), desk.changes()) == ([], [("removed", "the milk is in the shed")])
    assert (await desk.call("undo_last_change"))["undone"] == "removed"
    assert (await desk.texts(), desk.changes()) == (["the milk is in the shed"], [("added", "the milk is in the shed")])
    await desk.call("update_note", note=note_id, text="the milk is in the fridge")
    undone = await desk.call("undo_last_change")
    assert (undone["undone"], undone["notes"][0]["text"]) == ("updated", "the milk is in the shed")
    await desk.call("undo_last_change")
    assert await desk.texts() == ["the milk is in the fridge"]
    await desk.call("undo_last_change")
    assert await desk.texts() == ["the milk is in the shed"]


async def test_what_is_taken_back_is_the_last_thing_not_the_last_note(desk: Desk) -> None:
    milk, _ = await desk.take("the milk is in the shed", "the rope is in the barn")
    await desk.call("update_note", note=milk, text="the milk is in the fridge")
    await desk.call("undo_last_change")
    assert await desk.texts() == ["the milk is in the shed", "the rope is in the barn"]


async def test_a_deleted_note_comes_back_with_its_tags_and_dates(desk: Desk) -> None:
    note = await desk.notes.add("anna", "walnuts", NOON - timedelta(days=3), tags=["shop"], pinned=True)
    await desk.call("delete_note", note=note.id)
    await desk.call("undo_last_change")
    assert await desk.notes.list("anna") == [note]


async def test_several_deleted_notes_come_back_together(desk: Desk) -> None:
    ids = await desk.take("a", "b", "c")
    assert len((await desk.call("delete_notes", notes=ids[:2]))["deleted"]) == 2
    assert desk.changes() == [("removed", "a"), ("removed", "b")]
    await desk.call("undo_last_change")
    assert await desk.texts() == ["a", "b", "c"]
    await desk.call("delete_notes", all=True)
    assert await desk.texts() == []
    await desk.call("undo_last_change")
    assert await desk.texts() == ["a", "b", "c"]


async def test_where_one_of_several_is_missing_none_is_deleted(desk: Desk) -> None:
    await desk.take("walnuts", "almonds")
    assert "no note about 'helicopter'" in (await desk.call("delete_notes", notes=["walnuts", "helicopter"]))["error"]
    assert await desk.texts() == ["almonds", "walnuts"]


async def test_nothing_to_take_back_is_said(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="nothing to take back"):
        await desk.call("undo_last_change")
    await desk.notes.add("ben", "Ben's", NOON)
    with pytest.raises(NotFoundError):
        await desk.call("undo_last_change")
    (note_id,) = await desk.take("walnuts")
    await desk.call("delete_note", note=note_id)
    await desk.notes.empty_bins(desk.now + timedelta(minutes=1))
    with pytest.raises(NotFoundError, match="nothing to take back"):
        await desk.call("undo_last_change")


async def test_what_changed_nothing_is_not_taken_back(desk: Desk) -> None:
    (note_id,) = await desk.take("walnuts")
    await desk.call("update_note", note=note_id, text="walnuts")
    assert (await desk.call("undo_last_change"))["undone"] == "added"


# --- changing ---------------------------------------------------------------------------------------------------------
async def test_a_note_is_added_to_and_its_words_are_replaced(desk: Desk) -> None:
    await desk.take("Tom owes me 20 euros. Ask Tom!")
    await desk.call("update_note", note="Tom", replace="tom", replacement="Tim")
    assert await desk.texts() == ["Tim owes me 20 euros. Ask Tim!"]
    await desk.call("update_note", note="Tim", append="he pays in May")
    assert await desk.texts() == ["Tim owes me 20 euros. Ask Tim!; he pays in May"]
    with pytest.raises(ToolError, match="doesn't say 'Ti'"):
        await desk.call("update_note", note="Tim", replace="Ti", replacement="x")
    for wrong in ({}, {"text": "x", "append": "y"}):
        with pytest.raises(ToolError, match="Give one of"):
            await desk.call("update_note", note="Tim", **wrong)


async def test_a_note_is_read_or_its_candidates_named(desk: Desk) -> None:
    await desk.take("dentist for the children", "dentist after work")
    assert (await desk.call("read_note", note="children"))["note"]["text"] == "dentist for the children"
    assert len((await desk.call("read_note", note="dentist"))["candidates"]) == 2
    assert (await desk.call("list_notes", oldest_first=True, limit=1))["notes"][0]["text"] == "dentist for the children"


# --- lists ------------------------------------------------------------------------------------------------------------
async def test_a_list_is_made_filled_ticked_off_and_cleared(desk: Desk) -> None:
    await desk.call("edit_list", list="shopping list", add=["bread", "two litres of milk"])
    assert desk.changes() == [("added", "Shopping list:\n- bread\n- two litres of milk")]
    await desk.call("edit_list", list="my shopping list", add=["Bread", "pears"], tick=["milk"])
    assert await desk.texts() == ["Shopping list:\n- bread\n- [x] two litres of milk\n- pears"]
    edited = await desk.call("edit_list", list="shopping", remove=["bread", "caviar"])
    assert edited["missing"] == ["caviar"]
    assert edited["list"]["items"] == [{"text": "two litres of milk", "done": True}, {"text": "pears", "done": False}]
    await desk.call("edit_list", list="shopping list", clear=True)
    assert await desk.texts() == ["Shopping list:"]
    await desk.call("undo_last_change")
    assert await desk.texts() == ["Shopping list:\n- [x] two litres of milk\n- pears"]


async def test_a_list_in_one_line_stays_so(desk: Desk) -> None:
    await desk.take("shopping list: bread, apples.", "We need a shopping list for Friday")
    await desk.call("edit_list", list="shopping list", add=["honey"])
    await desk.call("edit_list", list="shopping list", remove=["the bread"])
    assert "shopping list: apples, honey" in await desk.texts()
    assert (await desk.call("read_note", note="my shopping list"))["note"]["text"] == "shopping list: apples, honey"


async def test_what_cannot_be_done_to_a_list_changes_nothing(desk: Desk) -> None:
    with pytest.raises(ToolError, match="no list called 'shopping list'"):
        await desk.call("edit_list", list="shopping list", remove=["bread"])
    await desk.call("edit_list", list="shopping list", add=["oat milk", "soy milk"])
    with pytest.raises(ToolError, match="Several things on the list fit 'milk': oat milk and soy milk"):
        await desk.call("edit_list", list="shopping list", tick=["milk"])
    missing = await desk.call("edit_list", list="shopping list", tick=["caviar"])
    assert missing == {"error": "caviar is not on the shopping list.", "missing": ["caviar"]}
    await desk.take("Shopping list: a second one")
    assert len((await desk.call("edit_list", list="shopping list", add=["x"]))["candidates"]) == 2
    assert await desk.texts() == ["Shopping list:\n- oat milk\n- soy milk", "Shopping list: a second one"]


async def test_the_list_that_is_called_just_so_is_meant_else_the_only_one_like_it(desk: Desk) -> None:
    await desk.call("edit_list", list="packing list for Rome", add=["socks"])
    await desk.call("edit_list", list="packing list", add=["tent"])
    assert await desk.texts() == ["Packing list for Rome:\n- socks\n- tent"]
    await desk.take("packing list: rope")
    await desk.call("edit_list", list="packing list", add=["boots"])
    assert await desk.texts() == ["Packing list for Rome:\n- socks\n- tent", "packing list: rope, boots"]

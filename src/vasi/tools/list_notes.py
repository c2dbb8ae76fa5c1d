"""``edit_list``: put things on a list, take them off, tick them off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vasi.errors import ToolError
from vasi.language.lists import ListItem, ListText, read_list
from vasi.notes import Note, Notes
from vasi.tools.decorator import tool
from vasi.tools.note_results import changed, no_list, not_one, origin_of, result, utc
from vasi.tools.ports import Subject, Tool, ToolContext, ToolResult

Items = Annotated[list[Annotated[str, Meta(min_length=1, max_length=1000)]], Meta(max_length=100)]


class EditListArguments(msgspec.Struct):
    name: Annotated[
        str, Meta(min_length=1, max_length=200, description="What the list is called: 'shopping list'; or its id.")
    ] = msgspec.field(name="list")
    add: Annotated[Items, Meta(description="What to put on it; a new list is made if there is none.")] = msgspec.field(
        default_factory=list[str]
    )
    remove: Annotated[Items, Meta(description="What to take off it.")] = msgspec.field(default_factory=list[str])
    tick: Annotated[Items, Meta(description="What is done.")] = msgspec.field(default_factory=list[str])
    untick: Annotated[Items, Meta(description="What isn't done after all.")] = msgspec.field(default_factory=list[str])
    clear: Annotated[bool, Meta(description="Take everything off it first.")] = False


def edit_list_tool(notes: Notes) -> Tool:
    """The tool; a list is a note with a title and items."""

    async def lists_meant(owner: str, name: str) -> list[tuple[Note, ListText]]:
        """The list that ``name`` means, or all that it may mean."""
        if found := await notes.find_list(owner, name):
            return found
        match await notes.resolve(owner, name):
            case Note() as note if (items := read_list(note.text, name)) is not None:
                return [(note, items)]
            case _:
                return []

    async def meant(context: ToolContext, arguments: EditListArguments) -> Subject | None:
        match await lists_meant(context.owner, arguments.name):
            case [(note, _)]:
                return Subject(note.id, note.text)
            case _:
                return None  # a new list, or a failure

    @tool(
        "edit_list",
        "Change one of the user's lists (shopping, to do and the like): add, remove or tick off items, or clear it.",
        trusted=True,
        change="change",
        subject=meant,
    )
    async def edit_list(context: ToolContext, arguments: EditListArguments) -> ToolResult:
        """``{"note": {...}, "list": {"title", "items": [{"text", "done"}]}, "missing": [...]}``.

        "missing" are the items that were to be taken or ticked off and aren't on it. If nothing can be done, nothing is
        changed, and "error" says why.
        """
        name = arguments.name.strip()
        found = await lists_meant(context.owner, name)
        if len(found) > 1:
            return not_one([note for note, _ in found])
        note, items = found[0] if found else (None, ListText(_titled(name)))
        if note is None and not arguments.add:
            raise ToolError(no_list(name))
        edited, missing = _edited(items, arguments)
        asked = [*arguments.remove, *arguments.tick, *arguments.untick]
        if missing and len(missing) == len(asked) and not arguments.add and not arguments.clear:
            verb = "is" if len(missing) == 1 else "are"
            return result({"error": f"{_named(missing)} {verb} not on {_called(items.title)}.", "missing": missing})
        if note is None:
            note = await notes.add(context.owner, str(edited), utc(context.now), origin=origin_of(context))
            return changed("added", note, list=_shown(edited), missing=missing)
        note = await notes.update(context.owner, note.id, str(edited), utc(context.now))
        return changed("updated", note, list=_shown(edited), missing=missing)

    return edit_list


def _edited(items: ListText, arguments: EditListArguments) -> tuple[ListText, list[str]]:
    """The list as it is to be, and what wasn't on it.

    Raises:
        ToolError: several items fit one that is asked for.
    """
    missing: list[str] = []

    def chosen(wanted: Sequence[str]) -> list[ListItem]:
        found: list[ListItem] = []
        for text in wanted:
            match items.matching(text):
                case ():
                    missing.append(text)
                case (one,):
                    found.append(one)
                case several:
                    raise ToolError(f"Several things on the list fit '{text}': {_named([i.text for i in several])}.")
        return found

    if arguments.clear:
        items = ListText(items.title, inline=items.inline)
    edited = items.without(chosen(arguments.remove))
    edited = edited.marked(chosen(arguments.tick), done=True)
    edited = edited.marked(chosen(arguments.untick), done=False)
    return edited.with_items(text.strip() for text in arguments.add), missing


def _titled(name: str) -> str:
    """A new list's title."""
    return name[:1].upper() + name[1:]


def _called(title: str) -> str:
    return f"the {title[:1].lower()}{title[1:]}" if "list" in title.lower() else f"the list '{title}'"


def _named(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _shown(items: ListText) -> dict[str, Any]:
    return {"title": items.title, "items": [{"text": item.text, "done": item.done} for item in items.items]}

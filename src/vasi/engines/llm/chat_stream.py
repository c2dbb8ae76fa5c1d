"""Making sense of a streamed chat completion, as the many servers really send it (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from vasi.engines.llm.text_calls import TextCallFilter, WrittenCall
from vasi.engines.ports import TextDelta, ToolCallDelta

Finish: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter"]

_OPEN = re.compile(r"<(think|thinking|reasoning)>\s*", re.IGNORECASE)
_CLOSE = {name: re.compile(rf"</{name}>\s*", re.IGNORECASE) for name in ("think", "thinking", "reasoning")}
_LONGEST_TAG = len("</reasoning>")


class ThoughtFilter:
    """Takes ``<think>...</think>`` out of streamed text, also where a tag is split over pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._closing: re.Pattern[str] | None = None
        self._started = False

    def feed(self, piece: str) -> str:
        """The part of the text so far that is certainly meant to be said and wasn't returned before."""
        self._held += piece
        said = ""
        while True:
            if self._closing is None:
                found = _OPEN.search(self._held)
                if found is None:
                    said += self._release(self._held, keep=_undecided(self._held))
                    break
                said += self._held[: found.start()]
                self._held = self._held[found.end() :]
                self._closing = _CLOSE[found[1].lower()]
            else:
                found = self._closing.search(self._held)
                if found is None:
                    self._held = self._held[-_LONGEST_TAG:]
                    break
                self._held = self._held[found.end() :]
                self._closing = None
        return self._begun(said)

    def finish(self) -> str:
        """What was held back and turned out to be no tag."""
        said = "" if self._closing else self._held
        self._held = ""
        return self._begun(said)

    def _release(self, text: str, keep: int) -> str:
        cut = len(text) - keep
        self._held = text[cut:]
        return text[:cut]

    def _begun(self, said: str) -> str:
        """Without the white space that stands before the first word, where thoughts leave it."""
        if not self._started:
            said = said.lstrip()
            self._started = bool(said)
        return said


def _undecided(text: str) -> int:
    """How many characters at the end may be the beginning of a tag."""
    at = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    if at < 0:
        return 0
    tail = text[at:].lower()
    return len(text) - at if any(f"<{name}>".startswith(tail) for name in ("think", "thinking", "reasoning")) else 0


@dataclass(slots=True)
class _Slot:
    index: int
    wire_index: int | None
    call_id: str
    name: str = ""
    arguments: str = ""
    opened: bool = False


class ToolCallAssembler:
    """Puts streamed pieces of tool calls in order.

    Some servers leave out ids or indexes, some give every call the index 0, some repeat id and name in every piece,
    some send the arguments as an object. A piece belongs to the call with its id, else to the latest with its index,
    else to the latest; a name after complete arguments begins a new call.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._slots: list[_Slot] = []

    def __bool__(self) -> bool:
        return bool(self._slots)

    def feed(self, *, index: int | None, call_id: str, name: str, arguments: object) -> Iterator[ToolCallDelta]:
        """One piece as it came; missing parts are None or ""."""
        text = arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)
        slot = self._slot(index, call_id, name)
        if not slot.opened and name != slot.name:
            slot.name += name
        slot.arguments += text
        if slot.opened and text:
            yield ToolCallDelta(slot.index, text)
        elif slot.name and slot.arguments.strip() and not "null".startswith(slot.arguments.strip()):
            yield _opening(slot)

    def add(self, name: str, arguments: str) -> Iterator[ToolCallDelta]:
        """A call that is whole."""
        slot = _Slot(len(self._slots), None, f"call_{self._new_id()}", name, arguments)
        self._slots.append(slot)
        yield _opening(slot)

    def finish(self) -> Iterator[ToolCallDelta]:
        """Calls that came without any arguments."""
        for slot in self._slots:
            if not slot.opened and slot.name:
                slot.arguments = "" if slot.arguments.strip() == "null" else slot.arguments
                yield _opening(slot)

    def _slot(self, index: int | None, call_id: str, name: str) -> _Slot:
        if call_id and (slot := self._latest(lambda slot: slot.call_id == call_id)):
            return slot
        if not call_id:
            slot = self._latest(lambda slot: index is None or slot.wire_index == index)
            if slot and not (name and _complete(slot.arguments)):
                return slot
        slot = _Slot(len(self._slots), index, call_id or f"call_{self._new_id()}")
        self._slots.append(slot)
        return slot

    def _latest(self, fits: Callable[[_Slot], bool]) -> _Slot | None:
        return next((slot for slot in reversed(self._slots) if fits(slot)), None)


def _opening(slot: _Slot) -> ToolCallDelta:
    slot.opened = True
    return ToolCallDelta(slot.index, slot.arguments, call_id=slot.call_id, name=slot.name)


def _complete(arguments: str) -> bool:
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return True


def _text(content: object) -> str:
    """The text of a delta, which some servers send as a list of parts; parts of thinking are none."""
    if isinstance(content, str):
        return content
    parts = cast("list[object]", content) if isinstance(content, list) else []
    return "".join(map(_text_of_part, parts))


def _text_of_part(part: object) -> str:
    if isinstance(part, str):
        return part
    fields = cast("dict[str, object]", part) if isinstance(part, dict) else {}
    text = fields.get("text")
    return text if fields.get("type", "text") in {"text", "output_text"} and isinstance(text, str) else ""


class ChunkReader:
    """Turns chunks of a completion into events, and remembers how it ended and what it used."""

    def __init__(self, new_id: Callable[[], str], functions: Set[str] = frozenset()) -> None:
        """``functions`` are the names of those that the model was offered."""
        self._thoughts = ThoughtFilter()
        self._text_calls = TextCallFilter(functions)
        self._begun = False
        """Text was passed on."""
        self._calls = ToolCallAssembler(new_id)
        self.finish_reason: str | None = None
        self.usage: Any = None

    def feed(self, chunk: Any) -> Iterator[TextDelta | ToolCallDelta]:
        """``chunk`` is whatever the server sent, its fields unchecked."""
        self.usage = getattr(chunk, "usage", None) or self.usage
        choices: list[Any] = getattr(chunk, "choices", None) or []
        for choice in choices[:1]:
            delta = getattr(choice, "delta", None) or getattr(choice, "message", None)
            yield from self._feed_text(self._thoughts.feed(_text(getattr(delta, "content", None))))
            calls: list[Any] = getattr(delta, "tool_calls", None) or []
            for call in calls:
                yield from self._feed_call(call)
            self.finish_reason = getattr(choice, "finish_reason", None) or self.finish_reason

    def _feed_text(self, text: str) -> Iterator[TextDelta | ToolCallDelta]:
        for piece in self._text_calls.feed(text):
            yield from self._written(piece)

    def _written(self, piece: str | WrittenCall) -> Iterator[TextDelta | ToolCallDelta]:
        if isinstance(piece, WrittenCall):
            yield from self._calls.add(piece.name, piece.arguments)
        elif piece and (self._begun or not piece.isspace()):
            self._begun = True
            yield TextDelta(piece)

    def _feed_call(self, call: Any) -> Iterator[ToolCallDelta]:
        function = getattr(call, "function", None)
        index = getattr(call, "index", None)
        return self._calls.feed(
            index=index if isinstance(index, int) else None,
            call_id=getattr(call, "id", None) or "",
            name=getattr(function, "name", None) or "",
            arguments=getattr(function, "arguments", None),
        )

    def rest(self) -> Iterator[TextDelta | ToolCallDelta]:
        """What was held back until the end."""
        yield from self._feed_text(self._thoughts.finish())
        for piece in self._text_calls.finish():
            yield from self._written(piece)
        yield from self._calls.finish()

    @property
    def unreadable(self) -> bool:
        """All that the model wrote was a call that can't be read: nothing was passed on."""
        return self._text_calls.dropped and not self._begun and not self._calls

    @property
    def finish(self) -> Finish:
        """How it ended, whatever the server called it."""
        match self.finish_reason:
            case "length" | "content_filter":
                return self.finish_reason
            case _:
                return "tool_calls" if self._calls else "stop"

"""A conversation as the extractive answerer sees it: turns, each with what was said, called and answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from vasi.engines.llm.outputs import KnownNote, ToolOutput, read_output
from vasi.engines.ports import AssistantMessage, Message, ToolCall, ToolMessage, UserMessage
from vasi.language.followups import resolve
from vasi.language.grammar import understand
from vasi.language.intents import Intent, Question

_TURNS_OF_CONTEXT = 6
_SEARCHES = frozenset(("search_knowledge", "search_notes", "list_notes"))
"""Tools that only look something up: one that was cut off can be called again."""


@dataclass(frozen=True, slots=True)
class Done:
    """A call with its output."""

    call: ToolCall
    output: ToolOutput

    @property
    def arguments(self) -> Mapping[str, Any]:
        try:
            read: object = json.loads(self.call.arguments)
        except (ValueError, RecursionError):
            return {}
        return cast("Mapping[str, Any]", read) if isinstance(read, dict) else {}


@dataclass(slots=True)
class Turn:
    """What one user message led to so far."""

    utterance: str
    done: list[Done] = field(default_factory=list[Done])
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The turns up to now; the last is the one to answer, None if nobody said anything yet."""

    turns: tuple[Turn, ...]

    @property
    def present(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def earlier(self) -> tuple[Turn, ...]:
        return self.turns[:-1]

    def intent(self, now: datetime | None) -> Intent:
        """What the last utterance asks for, a question together with what it leans on."""
        present = self.present
        intent = understand(present.utterance if present else "", now)
        if present is None or not isinstance(intent, Question):
            return intent
        asked = [
            turn.utterance
            for turn in self.turns[-_TURNS_OF_CONTEXT:-1]
            if isinstance(understand(turn.utterance, now), Question)
        ]
        resolved = resolve([*asked, present.utterance])
        return intent if resolved == present.utterance else Question(resolved)

    def last_answer(self) -> str:
        """What the assistant said last before the present turn, "" if nothing."""
        return next((turn.answer for turn in reversed(self.earlier) if turn.answer), "")

    def tool_calls(self) -> Iterator[Done]:
        """The calls of the whole conversation, newest first."""
        for turn in reversed(self.turns):
            yield from reversed(turn.done)

    def last_note(self) -> KnownNote | None:
        """The note spoken of last: taken, changed, or the only one found or read out; None if there is none."""
        for done in self.tool_calls():
            note = done.output.note or (done.output.notes[0] if len(done.output.notes) == 1 else None)
            if note is not None and note.id:
                return None if done.call.name == "delete_note" else note
        return None

    def last_candidates(self) -> tuple[Done, tuple[KnownNote, ...]] | None:
        """The call that was left open because several notes fitted, if the last turn ended with it."""
        if not self.earlier or not self.earlier[-1].done:
            return None
        done = self.earlier[-1].done[-1]
        return (done, done.output.candidates) if done.output.candidates else None


def read_dialogue(messages: Sequence[Message]) -> Dialogue:
    """The dialogue in ``messages``.

    Outputs without a call, calls without an output, and searches that were cut off are passed over.
    """
    turns: list[Turn] = []
    calls: dict[str, ToolCall] = {}
    for message in messages:
        match message:
            case UserMessage():
                turns.append(Turn(message.text))
            case AssistantMessage():
                calls.update((call.call_id, call) for call in message.tool_calls)
                if turns and message.text:
                    turns[-1].answer = message.text
            case ToolMessage():
                call = calls.pop(message.call_id, None)
                output = read_output(message.output)
                if turns and call is not None and not (output.interrupted and call.name in _SEARCHES):
                    turns[-1].done.append(Done(call, output))
            case _:
                pass
    return Dialogue(tuple(turns))

"""A conversation as the extractive answerer sees it: turns, each with what was said, called and answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from vasi.engines.llm.notes import sentence
from vasi.engines.llm.outputs import KnownNote, ToolOutput, read_output
from vasi.engines.ports import AssistantMessage, Message, ToolCall, ToolMessage, UserMessage
from vasi.language.detection import tells_language
from vasi.language.followups import resolve
from vasi.language.grammar import understand, understood
from vasi.language.intents import Intent, Question, SmallTalk
from vasi.language.lists import read_list

_TURNS_OF_CONTEXT = 6
_SEARCHES = frozenset(("search_knowledge", "search_notes", "list_notes", "read_note"))
"""Tools that only look something up: one that was cut off can be called again."""
_WRITING = frozenset(("take_note", "update_note", "edit_list", "delete_note", "delete_notes", "undo_last_change"))
"""Tools that change notes."""


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

    @property
    def wrote(self) -> bool:
        """Whether this changed a note."""
        return self.call.name in _WRITING and not self.output.error


@dataclass(frozen=True, slots=True)
class Focus:
    """The notes spoken of last: one, or several that were read out; ``gone``: they were deleted."""

    notes: tuple[KnownNote, ...]
    gone: bool = False


@dataclass(slots=True)
class Turn:
    """What one user message led to so far."""

    utterance: str
    done: list[Done] = field(default_factory=list[Done])
    answer: str = ""

    def focus(self) -> Focus | None:
        """The notes that this turn was about in the end; None if it was about none."""
        for done in reversed(self.done):
            if (focus := _focus(done, self.answer)) is not None:
                return focus
        return None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The turns up to now; the last is the one to answer, None if nobody said anything yet."""

    turns: tuple[Turn, ...]
    spoken: str | None = None
    """The language that the user speaks, if that is known."""

    @property
    def language(self) -> str:
        """What the user speaks, as far as is known."""
        return self.spoken or "en"

    def language_of(self, turn: Turn, now: datetime | None) -> str:
        """The language to answer ``turn`` in: the one that it was understood in, else the conversation's.

        Where that isn't known, words that tell nothing ("ok", a name) are in the language of the turns before.
        """
        read = understood(turn.utterance, now, self.spoken)
        if not isinstance(read.intent, Question | SmallTalk):
            return read.language
        if self.spoken is not None:
            return read.language if tells_language(turn.utterance) else self.spoken
        for one in (turn, *(each for each in reversed(self.turns) if each is not turn)):
            if tells_language(one.utterance):
                return understood(one.utterance, now).language
        return read.language

    @property
    def present(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def earlier(self) -> tuple[Turn, ...]:
        return self.turns[:-1]

    def intent(self, now: datetime | None) -> Intent:
        """What the last utterance asks for, a question together with what it leans on."""
        present = self.present
        intent = understand(present.utterance if present else "", now, self.spoken)
        if present is None or not isinstance(intent, Question):
            return intent
        asked = [
            turn.utterance
            for turn in self.turns[-_TURNS_OF_CONTEXT:-1]
            if isinstance(understand(turn.utterance, now, self.spoken), Question)
        ]
        resolved = resolve([*asked, present.utterance], self.spoken)
        return intent if resolved == present.utterance else Question(resolved)

    def last_answer(self) -> str:
        """What the assistant said last before the present turn, "" if nothing."""
        return next((turn.answer for turn in reversed(self.earlier) if turn.answer), "")

    def tool_calls(self) -> Iterator[Done]:
        """The calls of the whole conversation, newest first."""
        for turn in reversed(self.turns):
            yield from reversed(turn.done)

    def focus(self) -> Focus | None:
        """The notes spoken of last before the present turn; None if there are none."""
        return next((focus for turn in reversed(self.earlier) if (focus := turn.focus())), None)

    def last_focus(self) -> Focus | None:
        """The notes that the turn before this one was about, if it was about notes."""
        return self.earlier[-1].focus() if self.earlier else None

    def wrote(self) -> bool:
        """Whether anything was done to notes before the present turn."""
        return any(done.wrote for turn in self.earlier for done in turn.done)

    def speaks_of_list(self) -> bool:
        """Whether a list was spoken of in the last turns."""
        return any(_is_list(done) for turn in self.earlier[-_TURNS_OF_CONTEXT:] for done in turn.done)

    def just_wrote(self) -> bool:
        """Whether the turn before this one did something to notes."""
        return bool(self.earlier) and any(done.wrote for done in self.earlier[-1].done)


def _is_list(done: Done) -> bool:
    note = done.output.note
    return done.call.name == "edit_list" or (note is not None and read_list(note.text) is not None)


def _focus(done: Done, answer: str) -> Focus | None:
    output = done.output
    if output.error:
        return None
    match done.call.name:
        case "delete_note":
            return Focus((output.note,), gone=True) if output.note else None
        case "delete_notes":
            return Focus(output.deleted, gone=True) if output.deleted else None
        case "undo_last_change":
            return Focus(output.notes, gone=output.undone == "added") if output.notes else None
        case "search_notes" | "list_notes":
            read_out = tuple(note for note in output.notes if note.id and _read_out(note.text, answer))
            return Focus(read_out) if read_out else None
        case "search_knowledge":
            read_out = tuple(
                KnownNote(passage.note_id, passage.text)
                for passage in output.passages
                if passage.note_id and _read_out(passage.text, answer)
            )
            return Focus(read_out) if len(read_out) == 1 else None
        case _:
            return Focus((output.note,)) if output.note and output.note.id else None


def _read_out(text: str, answer: str) -> bool:
    """Whether ``answer`` says what a note says."""
    return bool(text.strip()) and sentence(text).rstrip(".!?…") in " ".join(answer.split())


def read_dialogue(messages: Sequence[Message], language: str | None = None) -> Dialogue:
    """The dialogue in ``messages``; ``language`` is the one that the user speaks, if that is known.

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
    return Dialogue(tuple(turns), language)

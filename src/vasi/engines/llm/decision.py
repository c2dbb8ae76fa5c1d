"""What the extractive answerer does next: call one of the tools that it was given, or say something.

The state of a turn is read from the conversation alone: the intent of its utterance and the outputs of the calls made
since. So an operation may take several rounds (look a note up, then change it), and none is done twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from vasi.engines.llm import questions, small_talk
from vasi.engines.llm.answers import answer
from vasi.engines.llm.dialogue import Dialogue, Done, Turn
from vasi.engines.llm.note_plan import NotePlan, Outcome, chosen, replay
from vasi.engines.llm.notes import NoteSpeech, asks_what
from vasi.engines.llm.outputs import FoundPassage, KnownNote, ToolOutput
from vasi.engines.llm.steps import Call, Say, Step
from vasi.language.consent import agrees
from vasi.language.grammar import commands
from vasi.language.intents import (
    NOTE_COMMANDS,
    AskClock,
    ChangeNote,
    DeleteNote,
    EditList,
    Intent,
    ListNotes,
    NoteCommand,
    Question,
    Repeat,
    ReplaceWords,
    SmallTalk,
    TakeNote,
)
from vasi.language.locales import locale_of
from vasi.language.locales.locale import TalkReplies
from vasi.language.places import sought
from vasi.language.replies import names_source
from vasi.language.sentences import sentences

_LOOK_UPS = ("search_knowledge", "search_notes", "list_documents", "read_note")
_LONGEST_QUERY = 500  # characters


def decide(dialogue: Dialogue, tools: frozenset[str], now: datetime | None) -> Step:
    """The next step of the present turn. Only a tool of ``tools`` is ever called."""
    turn = dialogue.present
    if turn is None:
        return Say(small_talk.small_talk("hello", dialogue.language))
    return _Decision(dialogue, turn, tools, now).step()


class _Decision:
    def __init__(self, dialogue: Dialogue, turn: Turn, tools: frozenset[str], now: datetime | None) -> None:
        self._dialogue = dialogue
        self._turn = turn
        self._done = {done.call.name: done for done in turn.done}
        self._tools = tools
        self._now = now
        self._language = dialogue.language_of(turn, now)
        self._talk = locale_of(self._language).talk
        self._notes = NoteSpeech(self._language, now)
        self._otherwise: Sequence[str] = ()

    def step(self) -> Step:
        if not self._turn.done and (more := questions.going_on(self._dialogue, self._noted(), self._now)):
            return Say(more)
        come_to = self.notes()
        match come_to:
            case Call():
                return come_to if come_to.name in self._tools else Say([self._notes.said.no_access])
            case Outcome(fallback=False):
                return Say(come_to.sentences)
            case Outcome():
                self._otherwise = come_to.sentences
                return self._question(self._turn.utterance)
            case None:
                pass
        intent = self._dialogue.intent(self._now)
        if self._turn.done and self._turn.done[-1].output.error:
            return Say(self._notes.failure(self._turn.done[-1].output))
        match intent:
            case Question():
                return self._question(intent.text)
            case _ if self._turn.done:
                return self._report(self._turn.done[-1], "")
            case AskClock():
                return Say(small_talk.clock(intent, self._now, self._language))
            case SmallTalk():
                return Say(small_talk.small_talk(intent.kind, self._language))
            case Repeat():
                return Say(self._repeat(intent))
            case DeleteNote():  # "forget it", and no note was spoken of
                return Say(small_talk.small_talk("stop", self._language))
            case _:  # it leans on a note, and none was spoken of
                return self._question(self._turn.utterance)

    # --- notes ------------------------------------------------------------------------------------------------------
    def notes(self) -> Call | Outcome | None:
        """The next call of the commands about notes, or what they came to; None if the turn isn't about notes."""
        plan = NotePlan(self._dialogue, self._now, self._language)
        waiting = self._waiting()
        if waiting is not None and waiting.confirm is not None:
            if agrees(self._turn.utterance):
                return replay(plan.confirm(waiting.confirm), self._turn.done)
            if self._dialogue.intent(self._now) == SmallTalk("acknowledge"):
                return Outcome([self._notes.said.kept])
        asked = self._asked()
        if asked is None and waiting is not None and waiting.open is not None:
            note = self._notes.picked(self._turn.utterance, waiting.candidates)
            asked = None if note is None else (chosen(waiting.open, note.id),)
        return None if asked is None else replay(plan.run(asked), self._turn.done)

    def _asked(self) -> tuple[NoteCommand, ...] | None:
        """The commands about notes in the utterance, or in its answer to what was asked; None if there are none."""
        asked: list[NoteCommand] = []
        for intent in commands(self._turn.utterance, self._now, self._language):
            if not isinstance(intent, NOTE_COMMANDS) or not self._is_meant(intent, after=bool(asked)):
                return self._answered(intent)
            asked.append(intent)
        return tuple(asked)

    def _answered(self, intent: Intent) -> tuple[NoteCommand, ...] | None:
        """What is to be written down, if that was asked for."""
        if not asks_what(self._dialogue.last_answer()):
            return None
        said_nothing = isinstance(intent, SmallTalk) and intent.kind in ("stop", "goodbye", "nothing")
        if said_nothing or not isinstance(intent, Question | EditList):
            return None
        return (TakeNote(self._turn.utterance.strip()),)

    def _is_meant(self, command: NoteCommand, *, after: bool) -> bool:
        """Whether a command that leans on what was spoken of before has something to lean on."""
        match command:
            case ChangeNote(needs_note=True) | ReplaceWords(needs_note=True):
                focus = self._dialogue.last_focus()
                return after or (focus is not None and not focus.gone and len(focus.notes) == 1)
            case DeleteNote(casual=True):
                focus = self._dialogue.last_focus()
                return after or (focus is not None and not focus.gone)
            case EditList(needs_list=True):
                return after or self._dialogue.speaks_of_list()
            case _:
                return True

    def _waiting(self) -> Outcome | None:
        """What the turn before this one left to be answered by the user."""
        if not self._dialogue.earlier:
            return None
        before = Dialogue(self._dialogue.earlier, self._dialogue.spoken)
        turn = before.turns[-1]
        if not turn.done and not any(mark in turn.answer for mark in "?？؟"):
            return None
        come_to = _Decision(before, turn, self._tools, self._now).notes_without_waiting()
        return come_to if isinstance(come_to, Outcome) else None

    def notes_without_waiting(self) -> Call | Outcome | None:
        """As ``notes``, of commands that stand on their own."""
        asked = self._asked()
        return (
            None
            if asked is None
            else replay(NotePlan(self._dialogue, self._now, self._language).run(asked), self._turn.done)
        )

    # --- questions --------------------------------------------------------------------------------------------------
    def _question(self, question: str) -> Step:
        question = questions.meant(question, self._dialogue)
        if sought(self._turn.utterance) == "" and not self._turn.done and self._dialogue.last_answer():
            return Say(self._repeat(Repeat(source=True)))
        if not self._turn.done and (
            beyond := small_talk.beyond(question, self._language, lists="list_documents" in self._tools)
        ):
            return Say(beyond)
        others = [done for done in self._turn.done if done.call.name not in _LOOK_UPS]
        if others:
            return self._report(others[-1], question)
        if done := self._done.get("search_knowledge"):
            return self._report(done, question)
        if (done := self._done.get("search_notes")) and not self._otherwise:
            return Say(self._from_notes(question, done.output) or self._otherwise or [questions.not_there(question)])
        if done := self._done.get("list_documents"):
            listed = questions.listed(question, self._dialogue, done.output, self._now)
            if listed:
                return Say(listed)
        if call := questions.look_up(question, self._dialogue, self._tools, self._now):
            return call
        if "search_notes" in self._tools:
            return Call("search_notes", {"query": question[:_LONGEST_QUERY]})
        return Say([self._talk.only_documents])

    def _from_notes(self, question: str, output: ToolOutput) -> list[str] | None:
        """The notes that answer ``question``; None if none does."""
        for note in output.notes[:3]:
            if answer(question, [FoundPassage(document="", text=note.text)]):
                return self._notes.found(ToolOutput("", {"notes": [_row(note)]}), "", None)
        return None

    def _report(self, done: Done, question: str) -> Step:
        """What a tool answered, whatever it was called for."""
        output = done.output
        match done.call.name:
            case "search_knowledge":
                if self._otherwise and not output.found:
                    return Say(self._otherwise)
                return Say(questions.found(question, output, self._noted(), language=self._language))
            case "take_note":
                return Say(self._notes.noted(output, "", reminder=False))
            case "update_note":
                return Say(self._notes.changed(output))
            case "delete_note":
                return Say(self._notes.deleted(output))
            case "search_notes":
                return Say(self._notes.found(output, str(done.arguments.get("query", "")), None))
            case "list_notes":
                return Say(self._notes.listed(output, ListNotes()))
            case _:
                return Say(_plainly(output, self._talk))

    def _noted(self) -> frozenset[str]:
        """The texts of the notes that were written in this conversation."""
        return frozenset(done.output.note.text for done in self._dialogue.tool_calls() if done.output.note is not None)

    def _repeat(self, intent: Repeat) -> list[str]:
        before = self._dialogue.last_answer()
        if not before:
            return [self._talk.nothing_said]
        if not intent.source:
            return [span.text for span in sentences(before)]
        named = [span.text for span in sentences(before) if names_source(span.text)]
        return named or [self._talk.no_source]


def _row(note: KnownNote) -> Mapping[str, Any]:
    return {
        "id": note.id,
        "text": note.text,
        "created_at": note.created_at.isoformat() if note.created_at else None,
    }


def _plainly(output: ToolOutput, talk: TalkReplies) -> list[str]:
    """The output of a tool that isn't known here, as well as it can be said."""
    for name in ("answer", "message", "result", "text", "summary"):
        if isinstance(said := output.fields.get(name), str) and said.strip():
            return [said.strip()]
    if output.fields:
        return [f"{', '.join(f'{name}: {_value(value, talk)}' for name, value in list(output.fields.items())[:8])}."]
    try:
        read: object = json.loads(output.text)
    except (ValueError, RecursionError):
        read = output.text
    return [_value(read, talk).strip() or talk.done]


def _value(value: object, talk: TalkReplies) -> str:
    match value:
        case str():
            return value
        case None:
            return talk.none
        case bool():
            return talk.yes if value else talk.no
        case list():
            return ", ".join(_value(item, talk) for item in cast("list[object]", value)[:8])
        case dict():
            return ", ".join(
                f"{name} {_value(item, talk)}" for name, item in list(cast("dict[str, object]", value).items())[:8]
            )
        case _:
            return str(value)

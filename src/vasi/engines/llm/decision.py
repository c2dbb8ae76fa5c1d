"""What the extractive answerer does next: call one of the tools that it was given, or say something.

The state of a turn is read from the conversation alone: the intent of its utterance and the outputs of the calls made
since. So an operation may take several rounds (look a note up, then change it), and none is done twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from vasi.engines.llm import notes, questions, small_talk
from vasi.engines.llm.answers import answer
from vasi.engines.llm.dialogue import Dialogue, Done, Turn
from vasi.engines.llm.outputs import FoundPassage, KnownNote, ToolOutput
from vasi.engines.llm.steps import Call, Say, Step
from vasi.language.intents import (
    LAST,
    AskClock,
    ChangeNote,
    DeleteNote,
    FindNotes,
    Intent,
    ListNotes,
    Question,
    Repeat,
    SmallTalk,
    TakeNote,
)
from vasi.language.places import sought
from vasi.language.replies import names_source, replies_for
from vasi.language.sentences import sentences
from vasi.language.terms import content_words, stem, words

_LOOK_UPS = ("search_knowledge", "search_notes", "list_documents")
_LONGEST_QUERY = 500  # characters


def decide(dialogue: Dialogue, tools: frozenset[str], now: datetime | None) -> Step:
    """The next step of the present turn. Only a tool of ``tools`` is ever called."""
    turn = dialogue.present
    if turn is None:
        return Say(small_talk.small_talk("hello"))
    return _Decision(dialogue, turn, tools, now).step()


class _Decision:
    def __init__(self, dialogue: Dialogue, turn: Turn, tools: frozenset[str], now: datetime | None) -> None:
        self._dialogue = dialogue
        self._turn = turn
        self._done = {done.call.name: done for done in turn.done}
        self._tools = tools
        self._now = now

    def step(self) -> Step:
        if not self._turn.done and (more := questions.going_on(self._dialogue, self._noted(), self._now)):
            return Say(more)
        intent = self._intent()
        if self._turn.done and self._turn.done[-1].output.error:
            return Say(notes.failure(self._turn.done[-1].output))
        match intent:
            case TakeNote():
                return self._take(intent)
            case FindNotes():
                return self._find(intent)
            case ListNotes():
                return self._list(intent)
            case ChangeNote():
                return self._change(intent)
            case DeleteNote():
                return self._delete(intent)
            case _ if self._turn.done and not isinstance(intent, Question):
                return self._report(self._turn.done[-1], "")
            case AskClock():
                return Say(small_talk.clock(intent, self._now))
            case SmallTalk():
                return Say(small_talk.small_talk(intent.kind))
            case Repeat():
                return Say(self._repeat(intent))
            case Question():
                return self._question(intent.text)

    def _intent(self) -> Intent:
        """The intent of the utterance, or of the question that it answers."""
        intent = self._dialogue.intent(self._now)
        if not isinstance(intent, Question | SmallTalk | Repeat):
            if isinstance(intent, ChangeNote) and intent.needs_note and self._dialogue.last_note() is None:
                return Question(self._turn.utterance)
            return intent
        if isinstance(intent, SmallTalk) and intent.kind in ("stop", "goodbye", "nothing"):
            return intent
        if isinstance(intent, Question) and self._dialogue.last_answer().endswith(notes.ASK_WHAT):
            return TakeNote(self._turn.utterance.strip())
        return intent

    # --- notes ------------------------------------------------------------------------------------------------------
    def _take(self, intent: TakeNote) -> Step:
        if done := self._done.get("take_note"):
            return Say(notes.noted(done.output, str(done.arguments.get("text", "")), reminder=intent.reminder))
        text = intent.text or (_without_source(self._dialogue.last_answer()) if intent.refers_back else "")
        if not text:
            return Say([notes.ASK_WHAT])
        return self._write("take_note", {"text": text})

    def _find(self, intent: FindNotes) -> Step:
        if done := self._done.get("search_notes"):
            return Say(notes.found(done.output, intent.query, intent.period, self._now))
        return self._call("search_notes", {"query": intent.query[:_LONGEST_QUERY]})

    def _list(self, intent: ListNotes) -> Step:
        if done := self._done.get("list_notes"):
            return Say(notes.listed(done.output, intent, self._now))
        arguments: dict[str, Any] = {}
        if intent.period and intent.period.since:
            arguments["since"] = intent.period.since.isoformat()
        if intent.period and intent.period.until:
            arguments["until"] = intent.period.until.isoformat()
        if intent.limit:
            arguments["limit"] = intent.limit
        return self._call("list_notes", arguments)

    def _change(self, intent: ChangeNote) -> Step:
        if done := self._done.get("update_note"):
            return Say(notes.changed(done.output))
        if intent.note != LAST and not intent.append:
            text = intent.text if intent.dictated else _with_topic(intent.note, intent.text)
            return self._write("update_note", {"note": intent.note, "text": text})
        note = self._known(intent.note)
        if not isinstance(note, KnownNote):
            return note
        text = f"{note.text}; {intent.text}" if intent.append else intent.text
        return self._write("update_note", {"note": note.id, "text": text})

    def _delete(self, intent: DeleteNote) -> Step:
        if done := self._done.get("delete_note"):
            return Say(notes.deleted(done.output))
        if done := self._done.get("take_note"):
            return Say(notes.noted(done.output, "", reminder=False))
        if intent.everything:
            return Say(["I delete notes one by one.", "Tell me which one, for example the note about the dentist."])
        if intent.undo:
            return self._undo()
        if not intent.note:
            return Say(["Which note shall I delete?", "Tell me what it is about."])
        if intent.note != LAST:
            return self._call("delete_note", {"note": intent.note})
        note = self._known(LAST)
        return self._call("delete_note", {"note": note.id}) if isinstance(note, KnownNote) else note

    def _undo(self) -> Step:
        """Undo the last operation of this conversation: a note taken is deleted, a deleted one is taken again."""
        for done in self._dialogue.tool_calls():
            if (note := done.output.note) is None:
                continue
            if done.call.name == "delete_note":
                return self._call("take_note", {"text": note.text})
            if done.call.name == "take_note":
                return self._call("delete_note", {"note": note.id})
        note = self._dialogue.last_note()
        return self._call("delete_note", {"note": note.id}) if note else Say(["There is nothing to take back."])

    def _known(self, wanted: str) -> KnownNote | Step:
        """The note that is meant, with its id and text, or the step that finds it out."""
        if wanted == LAST and (note := self._dialogue.last_note()):
            return note
        tool = "list_notes" if wanted == LAST else "search_notes"
        if done := self._done.get(tool):
            return done.output.notes[0] if done.output.notes else Say([f"I found no note{_about(wanted)}."])
        return self._call(tool, {"limit": 1} if wanted == LAST else {"query": wanted})

    # --- questions --------------------------------------------------------------------------------------------------
    def _question(self, question: str) -> Step:
        if chosen := self._choice(self._turn.utterance):
            return chosen
        question = questions.meant(question, self._dialogue)
        if sought(self._turn.utterance) == "" and not self._turn.done and self._dialogue.last_answer():
            return Say(self._repeat(Repeat(source=True)))
        if not self._turn.done and (beyond := small_talk.beyond(question, lists="list_documents" in self._tools)):
            return Say(beyond)
        others = [done for done in self._turn.done if done.call.name not in _LOOK_UPS]
        if others:
            return self._report(others[-1], question)
        if done := self._done.get("search_knowledge"):
            return self._report(done, question)
        if done := self._done.get("search_notes"):
            return Say(self._from_notes(question, done.output) or [replies_for(question).not_found])
        if done := self._done.get("list_documents"):
            listed = questions.listed(question, self._dialogue, done.output, self._now)
            if listed:
                return Say(listed)
        if call := questions.look_up(question, self._dialogue, self._tools, self._now):
            return call
        if "search_notes" in self._tools:
            return Call("search_notes", {"query": question[:_LONGEST_QUERY]})
        return Say([small_talk.ONLY_DOCUMENTS])

    def _from_notes(self, question: str, output: ToolOutput) -> list[str] | None:
        """The notes that answer ``question``; None if none does."""
        for note in output.notes[:3]:
            if answer(question, [FoundPassage(document="", text=note.text)]):
                return notes.found(ToolOutput("", {"notes": [_row(note)]}), "", None, self._now)
        return None

    def _choice(self, utterance: str) -> Step | None:
        """Which of several notes was meant, if the last turn ended with that question."""
        left_open = self._dialogue.last_candidates()
        if left_open is None:
            return None
        done, candidates = left_open
        if (again := self._done.get(done.call.name)) is not None:
            return self._report(again, utterance)
        note = notes.picked(utterance, candidates)
        return self._call(done.call.name, {**done.arguments, "note": note.id}) if note else None

    def _report(self, done: Done, question: str) -> Step:
        """What a tool answered, whatever it was called for."""
        output = done.output
        match done.call.name:
            case "search_knowledge":
                return Say(questions.found(question, output, self._noted()))
            case "take_note":
                return Say(notes.noted(output, "", reminder=False))
            case "update_note":
                return Say(notes.changed(output))
            case "delete_note":
                return Say(notes.deleted(output))
            case "search_notes":
                return Say(notes.found(output, str(done.arguments.get("query", "")), None, self._now))
            case "list_notes":
                return Say(notes.listed(output, ListNotes(), self._now))
            case _:
                return Say(_plainly(output))

    def _noted(self) -> frozenset[str]:
        """The texts of the notes that were written in this conversation."""
        return frozenset(done.output.note.text for done in self._dialogue.tool_calls() if done.output.note is not None)

    def _repeat(self, intent: Repeat) -> list[str]:
        before = self._dialogue.last_answer()
        if not before:
            return [small_talk.NOTHING_SAID]
        if not intent.source:
            return [span.text for span in sentences(before)]
        named = [span.text for span in sentences(before) if names_source(span.text)]
        return named or ["I had that from no document."]

    def _write(self, name: str, arguments: Mapping[str, str]) -> Step:
        if len(arguments["text"]) > notes.MOST_CHARACTERS and name in self._tools:
            return Say([notes.TOO_LONG])
        return self._call(name, arguments)

    def _call(self, name: str, arguments: Mapping[str, Any]) -> Step:
        return Call(name, arguments) if name in self._tools else Say([small_talk.NO_NOTES])


def _without_source(spoken: str) -> str:
    return " ".join(span.text for span in sentences(spoken) if not names_source(span.text))


def _with_topic(topic: str, text: str) -> str:
    """``text`` with the topic in front unless it names it: "friday at ten" alone would lose the dentist."""
    named = {stem(word) for word in words(text)}
    return text if any(stem(word) in named for word in content_words(topic)) else f"{topic}: {text}"


def _about(wanted: str) -> str:
    return "" if wanted == LAST else f" about {wanted}"


def _row(note: KnownNote) -> Mapping[str, Any]:
    return {
        "id": note.id,
        "text": note.text,
        "created_at": note.created_at.isoformat() if note.created_at else None,
    }


def _plainly(output: ToolOutput) -> list[str]:
    """The output of a tool that isn't known here, as well as it can be said."""
    for name in ("answer", "message", "result", "text", "summary"):
        if isinstance(said := output.fields.get(name), str) and said.strip():
            return [said.strip()]
    if output.fields:
        return [f"{', '.join(f'{name}: {_value(value)}' for name, value in list(output.fields.items())[:8])}."]
    try:
        read: object = json.loads(output.text)
    except (ValueError, RecursionError):
        read = output.text
    return [_value(read).strip() or "Done."]


def _value(value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_value(item) for item in cast("list[object]", value)[:8])
        case dict():
            return ", ".join(
                f"{name} {_value(item)}" for name, item in list(cast("dict[str, object]", value).items())[:8]
            )
        case _:
            return str(value)

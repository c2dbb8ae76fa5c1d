"""What is done for commands about notes: calls of the note tools, one after the other, and what is said in the end.

A plan is a generator: it yields calls and is sent their outputs. It's run anew for each round of a turn, and sent the
outputs that are there already, so that nothing is done twice and nothing has to be remembered between rounds.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar, assert_never

from vasi.engines.llm.dialogue import Dialogue, Done, Focus
from vasi.engines.llm.notes import MOST_CHARACTERS, MOST_CHOICES, NoteSpeech, sentence
from vasi.engines.llm.outputs import KnownNote, ToolOutput
from vasi.engines.llm.steps import Call
from vasi.language.edits import corrected, retitled, with_topic
from vasi.language.intents import (
    About,
    ChangeNote,
    Chosen,
    DeleteNote,
    DeleteNotes,
    EditList,
    FindDated,
    FindNotes,
    ListNotes,
    NoteCommand,
    NoteReference,
    NotesHelp,
    Nth,
    ReadList,
    ReadNote,
    RenameNote,
    ReplaceWords,
    Spoken,
    TakeNote,
    Undo,
)
from vasi.language.lists import read_list
from vasi.language.locales import locale_of
from vasi.language.replies import names_source
from vasi.language.sentences import sentences
from vasi.language.terms import stems

_LONGEST_QUERY = 500  # characters


@dataclass(frozen=True, slots=True)
class Outcome:
    """What commands came to.

    Attributes:
        sentences: to be said.
        open: a command that waits until one of ``candidates`` is chosen; these were read out.
        confirm: a call that waits for a yes.
        fallback: it may be meant for the documents after all.
    """

    sentences: Sequence[str]
    open: NoteCommand | None = None
    candidates: tuple[KnownNote, ...] = ()
    confirm: Call | None = None
    fallback: bool = False


T = TypeVar("T")
Plan: TypeAlias = Generator[Call, ToolOutput, T]


def replay(plan: Plan[T], done: Sequence[Done]) -> Call | T:
    """The next call of ``plan`` after what is ``done``, or what it came to. Calls of others are passed over."""
    left = iter(done)
    try:
        call = next(plan)
        while True:
            output = next((each.output for each in left if each.call.name == call.name), None)
            if output is None:
                return call
            call = plan.send(output)
    except StopIteration as ended:
        return ended.value


class NotePlan:
    """Plans for the commands of one turn.

    Args:
        dialogue: up to this turn.
        now: the user's present time.
        language: to speak.
    """

    def __init__(self, dialogue: Dialogue, now: datetime | None, language: str) -> None:
        self._dialogue = dialogue
        self._speech = NoteSpeech(language, now)
        self._said = self._speech.said
        self._list_name = locale_of(language).grammar.words.list_name
        self._focus = dialogue.focus()
        self._wrote = dialogue.wrote()
        self._list = _last_list(dialogue)

    def run(self, commands: Sequence[NoteCommand]) -> Plan[Outcome]:
        """Do one after the other. What has to be asked is asked at the end."""
        said: list[str] = []
        asking: Outcome | None = None
        if len(commands) == 1:
            return (yield from self._run(commands[0]))
        for command in commands:
            outcome = yield from self._run(command)
            if outcome.open is None and outcome.confirm is None:
                said += outcome.sentences
            elif asking is None:
                asking = outcome
            else:
                said.append(self._said.one_at_a_time)
        if asking is None:
            return Outcome(said)
        return replace(asking, sentences=[*said, *asking.sentences])

    def confirm(self, call: Call) -> Plan[Outcome]:
        """Do what was agreed to."""
        output = yield call
        return self._failed(output) or Outcome(self._speech.deleted_several(output))

    def _run(self, command: NoteCommand) -> Plan[Outcome]:
        match command:
            case TakeNote():
                return (yield from self._take(command))
            case FindNotes():
                output = yield Call("search_notes", {"query": command.query[:_LONGEST_QUERY]})
                return self._failed(output) or self._read(
                    output, self._speech.found(output, command.query, command.period)
                )
            case FindDated():
                return (yield from self._dated(command))
            case ListNotes():
                return (yield from self._list_notes(command))
            case ReadNote():
                return (yield from self._read_note(command))
            case ChangeNote():
                return (yield from self._change(command))
            case ReplaceWords():
                return (yield from self._replace(command))
            case RenameNote():
                return (yield from self._rename(command))
            case DeleteNote():
                return (yield from self._delete(command))
            case DeleteNotes():
                return (yield from self._delete_several(command))
            case EditList():
                return (yield from self._edit_list(command))
            case ReadList():
                return (yield from self._read_list(command))
            case Undo():
                return (yield from self._undo(command))
            case NotesHelp():
                return Outcome([self._said.abilities])
            case _:
                assert_never(command)

    # --- taking and reading -----------------------------------------------------------------------------------------
    def _take(self, command: TakeNote) -> Plan[Outcome]:
        text = command.text
        if not text and command.refers_back:
            text = _without_source(self._dialogue.last_answer())
        if not text:
            return Outcome([self._said.ask_what])
        if len(text) > MOST_CHARACTERS:
            return Outcome([self._said.too_long])
        output = yield Call("take_note", {"text": text})
        return self._failed(output) or self._changed(
            output, self._speech.noted(output, text, reminder=command.reminder)
        )

    def _dated(self, command: FindDated) -> Plan[Outcome]:
        days = command.days
        span = {"dates_since": days.since.isoformat(), "dates_until": days.until.isoformat()}
        output = yield Call("search_notes", span)
        if not output.error and not output.notes:
            return Outcome([self._said.nothing_for.format(when=command.when)], fallback=True)
        return self._failed(output) or self._read(output, self._speech.found(output, "", None))

    def _list_notes(self, command: ListNotes) -> Plan[Outcome]:
        arguments: dict[str, Any] = {}
        if command.period and command.period.since:
            arguments["since"] = command.period.since.isoformat()
        if command.period and command.period.until:
            arguments["until"] = command.period.until.isoformat()
        if command.limit:
            arguments["limit"] = command.limit
        if command.oldest:
            arguments["oldest_first"] = True
        output = yield Call("list_notes", arguments)
        return self._failed(output) or self._read(output, self._speech.listed(output, command))

    def _read_note(self, command: ReadNote) -> Plan[Outcome]:
        note = yield from self._known(command.note, command)
        if isinstance(note, Outcome):
            return note
        output = yield Call("read_note", {"note": note.id})
        return self._failed(output) or self._changed(output, self._speech.read(output), wrote=False)

    # --- changing ---------------------------------------------------------------------------------------------------
    def _change(self, command: ChangeNote) -> Plan[Outcome]:
        if len(command.text) > MOST_CHARACTERS:
            return Outcome([self._said.too_long])
        if isinstance(command.note, About):
            note, old = command.note.topic, ""
            text = command.text if command.append else with_topic(note, command.text)
        else:
            known = yield from self._known(command.note, command)
            if isinstance(known, Outcome):
                return known
            note, old = known.id, known.text
            text = retitled(old, command.text) if command.dictated else corrected(old, command.text)
        change = {"append": command.text} if command.append else {"text": text}
        output = yield Call("update_note", {"note": note, **change})
        return self._failed(output, command) or self._changed(output, self._speech.changed(output))

    def _replace(self, command: ReplaceWords) -> Plan[Outcome]:
        note = yield from self._reference(command.note, command)
        if isinstance(note, Outcome):
            return note
        output = yield Call("update_note", {"note": note, "replace": command.old, "replacement": command.new})
        return self._failed(output, command) or self._changed(output, self._speech.changed(output))

    def _rename(self, command: RenameNote) -> Plan[Outcome]:
        reference = yield from self._reference(command.note, command)
        if isinstance(reference, Outcome):
            return reference
        output = yield Call("read_note", {"note": reference})
        if output.error or output.note is None:
            return self._failed(output, command) or Outcome([self._said.no_such])
        old = read_list(output.note.text)
        text = str(replace(old, title=command.title)) if old else f"{command.title}: {output.note.text}"
        output = yield Call("update_note", {"note": output.note.id, "text": text})
        return self._failed(output) or self._changed(output, self._speech.changed(output))

    # --- deleting ---------------------------------------------------------------------------------------------------
    def _delete(self, command: DeleteNote) -> Plan[Outcome]:
        if command.note is None:
            return Outcome([self._said.ask_which, self._said.ask_about])
        note = yield from self._reference(command.note, command)
        if isinstance(note, Outcome):
            return note
        output = yield Call("delete_note", {"note": note})
        if output.note is not None:
            self._focus, self._wrote = Focus((output.note,), gone=True), True
        return self._failed(output, command) or Outcome(self._speech.deleted(output))

    def _delete_several(self, command: DeleteNotes) -> Plan[Outcome]:
        if command.topic:
            output = yield Call("search_notes", {"query": command.topic[:_LONGEST_QUERY]})
            wanted = stems(command.topic)
            fitting = tuple(note for note in output.notes if wanted <= stems(note.text))
        else:
            limits = {"limit": command.count} if command.count else {}
            output = yield Call("list_notes", {**limits, **({"oldest_first": True} if command.oldest else {})})
            fitting = output.notes
        if failed := self._failed(output):
            return failed
        if not fitting:
            return Outcome(
                [self._said.none_about.format(topic=command.topic)]
                if command.topic
                else [self._said.none.format(then="")]
            )
        everything = not command.topic and not command.count
        count = output.total if everything else len(fitting)
        call = Call("delete_notes", {"all": True} if everything else {"notes": [note.id for note in fitting]})
        return Outcome(self._speech.ask_deletion(fitting, count, everything=everything), confirm=call)

    def _undo(self, command: Undo) -> Plan[Outcome]:
        focus = self._focus
        if command.scratch and focus is not None and not focus.gone and not self._dialogue.just_wrote():
            return (yield from self._delete(DeleteNote(Spoken())))
        if not self._wrote:
            return Outcome([self._said.nothing_to_undo])
        output = yield Call("undo_last_change", {})
        if output.notes:
            self._focus = Focus(output.notes, gone=output.undone == "added")
        return self._failed(output) or Outcome(self._speech.undone(output))

    # --- lists ------------------------------------------------------------------------------------------------------
    def _edit_list(self, command: EditList) -> Plan[Outcome]:
        arguments: dict[str, Any] = {"list": command.name or self._list or self._list_name}
        for verb in ("add", "remove", "tick", "untick"):
            if items := getattr(command, verb):
                arguments[verb] = list(items)
        if command.clear:
            arguments["clear"] = True
        self._list = arguments["list"]
        output = yield Call("edit_list", arguments)
        return self._failed(output, command) or self._changed(output, self._speech.list_edited(output, command))

    def _read_list(self, command: ReadList) -> Plan[Outcome]:
        name = command.name or self._list or self._list_name
        output = yield Call("read_note", {"note": name})
        if output.error and not output.candidates:
            return Outcome([self._said.no_list.format(list=name)], fallback=not command.own)
        self._list = name
        return self._failed(output, command) or self._changed(
            output, self._speech.list_read(output, command.item), wrote=False
        )

    # --- which note -------------------------------------------------------------------------------------------------
    def _reference(self, wanted: NoteReference, command: NoteCommand) -> Plan[str | Outcome]:
        """What the tools are to be given for ``wanted``."""
        match wanted:
            case About(topic):
                return topic
            case Chosen(note_id):
                return note_id
            case _:
                pass
        note = yield from self._known(wanted, command)
        return note if isinstance(note, Outcome) else note.id

    def _known(self, wanted: NoteReference, command: NoteCommand) -> Plan[KnownNote | Outcome]:
        """The note that is meant, or the question which one is."""
        match wanted:
            case Chosen(note_id):
                output = yield Call("read_note", {"note": note_id})
            case About(topic):
                output = yield Call("read_note", {"note": topic})
            case Spoken(newest):
                return (yield from self._spoken(command, newest=newest))
            case Nth(number, oldest, listed):
                return (yield from self._nth(number, oldest=oldest, listed=listed))
            case _:
                assert_never(wanted)
        if output.note is None or output.error:
            return self._failed(output, command) or Outcome([self._said.no_such])
        return output.note

    def _spoken(self, command: NoteCommand, *, newest: bool) -> Plan[KnownNote | Outcome]:
        match self._focus:
            case Focus(notes=(note,), gone=False):
                return note
            case Focus(notes=(note,), gone=True) if not newest:
                return Outcome([self._said.gone.format(text=sentence(note.text)), self._said.ask_which])
            case Focus(notes=(_, *_) as several, gone=False) if not newest:
                return Outcome(self._speech.which(several), open=command, candidates=several[:MOST_CHOICES])
            case None if not newest:
                return Outcome([self._said.ask_which, self._said.ask_about])
            case _:
                return (yield from self._nth(1, oldest=False, listed=False))

    def _nth(self, number: int, *, oldest: bool, listed: bool) -> Plan[KnownNote | Outcome]:
        if listed and self._focus is not None and len(self._focus.notes) > 1 and not self._focus.gone:
            found = self._focus.notes
        else:
            output = yield Call("list_notes", {"limit": number, **({"oldest_first": True} if oldest else {})})
            if failed := self._failed(output):
                return failed
            found = output.notes
        if len(found) < number:
            return Outcome([self._said.only.format(count=len(found)) if len(found) > 1 else self._said.no_such])
        return found[number - 1]

    # --- outcomes ---------------------------------------------------------------------------------------------------
    def _failed(self, output: ToolOutput, command: NoteCommand | None = None) -> Outcome | None:
        if not output.error:
            return None
        waiting = command if output.candidates else None
        return Outcome(
            self._speech.failure(output, self._reason(command, output)), open=waiting, candidates=output.candidates
        )

    def _reason(self, command: NoteCommand | None, output: ToolOutput) -> str:
        """Why ``command`` failed, most probably."""
        match command:
            case ReplaceWords(old=old):
                return self._said.not_there.format(words=old)
            case EditList() if output.missing:
                return self._said.missing[len(output.missing) > 1].format(items=", ".join(output.missing))
            case EditList(name=name, add=()) | ReadList(name=name):
                return self._said.no_list.format(list=name or self._list_name)
            case Undo():
                return self._said.nothing_to_undo
            case (
                ChangeNote(note=About(topic))
                | RenameNote(note=About(topic))
                | DeleteNote(note=About(topic))
                | ReadNote(note=About(topic))
            ):
                return self._said.none_about.format(topic=topic)
            case _:
                return ""

    def _changed(self, output: ToolOutput, said: Sequence[str], *, wrote: bool = True) -> Outcome:
        if output.note is not None and output.note.id:
            self._focus = Focus((output.note,))
        self._wrote = self._wrote or wrote
        return Outcome(said)

    def _read(self, output: ToolOutput, said: Sequence[str]) -> Outcome:
        spoken = " ".join(said)
        read_out = tuple(note for note in output.notes if sentence(note.text) in spoken)
        if read_out:
            self._focus = Focus(read_out)
        return Outcome(said)


def chosen(command: NoteCommand, note_id: str) -> NoteCommand:
    """``command`` with the note that was chosen for it."""
    match command:
        case ChangeNote(note=About(topic), append=False):
            return replace(command, note=Chosen(note_id), text=with_topic(topic, command.text), dictated=True)
        case ReadNote() | ChangeNote() | ReplaceWords() | RenameNote() | DeleteNote():
            return replace(command, note=Chosen(note_id))
        case EditList() | ReadList():
            return replace(command, name=note_id)
        case _:
            return command


def _last_list(dialogue: Dialogue) -> str:
    """What the list that was spoken of last is called, or its id."""
    for done in dialogue.tool_calls():
        note = done.output.note
        if note is None or done.call.name not in ("edit_list", "read_note", "take_note"):
            continue
        if (items := read_list(note.text)) is not None and (not items.inline or "list" in items.title.lower()):
            return note.id or items.title
    return ""


def _without_source(spoken: str) -> str:
    return " ".join(span.text for span in sentences(spoken) if not names_source(span.text))

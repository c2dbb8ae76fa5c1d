"""What a locale consists of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.date_words import DateWords
from vasi.language.intents import Talk
from vasi.language.phrase import NoteWords, Phrases

Edit: TypeAlias = Literal["add", "remove", "tick"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The phrases of one language.

    Attributes:
        words: for notes.
        dictating: what follows the colon may be anything: these are tried before all others.
        phrases: of commands and small talk; the first that fits decides.
        taking: those that take a note, of any length.
        last: short commands to a list, and what is about notes and fits none of the others.
        wrapping: politeness in front of a command, taken off layer by layer; fits its beginning. The group "polite"
            puts it as a question.
        after: politeness behind it; searched.
        tell_me: what asks to be told something; fits the beginning.
        between: where one command ends and the next begins; searched.
        joining: "and", where the next command shares the verb of the one before; searched.
        names_notes: words that only a command about notes has; searched.
        completed: how a part of a sentence without its verb becomes whole: "add {}".
    """

    words: NoteWords
    dictating: Phrases
    phrases: Phrases
    taking: Phrases
    last: Phrases
    wrapping: re.Pattern[str]
    after: re.Pattern[str]
    between: re.Pattern[str]
    joining: re.Pattern[str]
    names_notes: re.Pattern[str]
    completed: Mapping[Edit, str]
    tell_me: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """How many: ``one``, ``two``, a ``few`` (3 to 10) or ``many``, with ``{count}``."""

    one: str
    many: str
    two: str = ""
    few: str = ""

    def of(self, count: int) -> str:
        """``count`` of them."""
        if count == 1:
            template = self.one
        elif count == 2 and self.two:
            template = self.two
        elif 3 <= count % 100 <= 10 and self.few:
            template = self.few
        else:
            template = self.many
        return template.format(count=count)


@dataclass(frozen=True, slots=True)
class NoteReplies:
    """What is said about notes.

    Attributes:
        notes: so many of them.
        noted: ``{text}``.
        noted_all: a long one.
        no_reminder: that nobody rings.
        changed: ``{text}``.
        deleted: ``{text}``.
        deleted_some: ``{notes}``.
        kept: nothing was deleted after all.
        delete_one, delete_only, delete_all, delete_some: what would be deleted; ``{text}``, ``{notes}``.
        shall_i: whether to do it.
        and_more: ``{count}`` that aren't read out.
        undone: without anything that can be named.
        undone_added, undone_removed, undone_changed: of one note; ``{text}``.
        undone_added_some, undone_removed_some: ``{notes}``.
        nothing_to_undo: nothing was done.
        you_noted: ``{when}`` begins with a space or is empty; ``{text}``.
        found_some: ``{notes}``.
        none_about: ``{topic}``.
        no_such: no such note was found.
        none: ``{then}`` begins with a space or is empty.
        have: ``{notes}``, ``{then}``.
        last, oldest: ``{when}``, ``{text}``.
        last_some, oldest_some: ``{notes}``.
        from_day: ``{day}`` as the notes of it are spoken of.
        from_then: of a time.
        from_when: in front of ``{when}`` in ``last`` and ``oldest``.
        dated: a note with its day: ``{day}``, ``{text}``.
        nothing_for: nothing is noted for ``{when}``.
        only: ``{count}`` of them.
        gone: the note spoken of is deleted; ``{text}``.
        ask_what: what is to be written.
        ask_which: which note is meant.
        ask_about: that it's to be described.
        several: which of several is meant.
        one_at_a_time: of several questions.
        too_long: a note that can't be stored.
        abilities: what can be done with notes.
        no_access: there are no tools for notes.
        not_there: ``{words}`` aren't in the note.
        failed: a tool failed; nothing has changed.
        not_on: ``{item}`` isn't on ``{list}``.
        on_it: one thing, or several, are on it; ``{done}`` is empty or ``and_ticked``.
        and_ticked: and done.
        on_list: what is on it; ``{items}``.
        ticked: ``{items}``.
        list_empty, list_done: ``{list}``, ``{title}``.
        your_list: how a list is spoken of by its ``{title}``.
        lower_titles: its title is written small within a sentence.
        the_list: without its name.
        added, removed, ticked_off, unticked: ``{items}``, ``{list}``.
        cleared: ``{list}``.
        missing: one thing, or several, aren't on it; ``{items}``.
        no_list: ``{list}``.
        nothing: an empty list.
        conjunction: between the last two.
        note_says: ``{text}`` of a note that is no list after all.
        places: for each of the first three of several, what it's chosen by, folded: words for "first", then for "one".
        last_place: what the last one is chosen by.
    """

    notes: Numbered
    noted: str
    noted_all: str
    no_reminder: str
    changed: str
    deleted: str
    deleted_some: str
    kept: str
    delete_one: str
    delete_only: str
    delete_all: str
    delete_some: str
    shall_i: str
    and_more: str
    undone: str
    undone_added: str
    undone_removed: str
    undone_changed: str
    undone_added_some: str
    undone_removed_some: str
    nothing_to_undo: str
    you_noted: str
    found_some: str
    none_about: str
    no_such: str
    none: str
    have: str
    last: str
    oldest: str
    last_some: str
    oldest_some: str
    from_day: str
    from_then: str
    from_when: str
    dated: str
    nothing_for: str
    only: str
    gone: str
    ask_what: str
    ask_which: str
    ask_about: str
    several: str
    one_at_a_time: str
    too_long: str
    abilities: str
    no_access: str
    not_there: str
    failed: str
    not_on: str
    on_it: tuple[str, str]
    and_ticked: str
    on_list: str
    ticked: str
    list_empty: str
    list_done: str
    your_list: str
    the_list: str
    added: str
    removed: str
    ticked_off: str
    unticked: str
    cleared: str
    missing: tuple[str, str]
    no_list: str
    nothing: str
    conjunction: str
    note_says: str
    places: Sequence[tuple[str, str]]
    last_place: str
    lower_titles: bool = False


@dataclass(frozen=True, slots=True)
class TalkReplies:
    """What is said that needs neither documents nor notes.

    Attributes:
        answers: to small talk.
        still_there: after a long silence.
        nothing_said: nothing can be said again.
        no_source: the last answer was from no document.
        only_documents: without tools nothing can be answered.
        no_summary, no_listing, no_translation: what takes a language model.
        time, today, day_ahead, day_past: ``{time}`` or ``{day}``.
        no_clock: the time isn't known.
        done: a tool ran.
        yes, no, none: values of a tool's output.
    """

    answers: Mapping[Talk, Sequence[str]]
    still_there: str
    nothing_said: str
    no_source: str
    only_documents: str
    no_summary: Sequence[str]
    no_listing: Sequence[str]
    no_translation: str
    time: str
    today: str
    day_ahead: str
    day_past: str
    no_clock: str
    done: str
    yes: str
    no: str
    none: str


@dataclass(frozen=True, slots=True)
class Locale:
    """One language: how people speak to vasi, and how it answers.

    ``summarise`` fits a question that asks for a summary of documents.
    """

    code: str
    grammar: Grammar
    notes: NoteReplies
    talk: TalkReplies
    summarise: re.Pattern[str]

    @property
    def dates(self) -> DateWords:
        return self.grammar.words.dates

"""What the extractive answerer says about notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from vasi.engines.llm.outputs import KnownNote, ToolOutput
from vasi.language.dates import Period, spoken_day
from vasi.language.detection import detect
from vasi.language.folded import fold_words
from vasi.language.intents import EditList, ListNotes
from vasi.language.lists import read_list
from vasi.language.locales import MODULES, locale_of
from vasi.language.terms import stems, words

MOST_CHARACTERS = 10_000
"""What the note tools take."""
MOST_CHOICES = 3
"""Notes that are named where one is to be chosen."""
_ECHOED = 30
"""Words of a note that are read back; a longer one is only confirmed."""
_LONGEST_ECHO = 200
"""Characters of it."""
_SPOKEN = 5
"""Notes read out in one answer."""
_LONGEST_CHOICE = 7
"""Words of an utterance that chooses one of several notes."""
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟")


class NoteSpeech:
    """What is said about notes in one language, at the user's present time if that is known."""

    def __init__(self, language: str, now: datetime | None) -> None:
        self._language = language
        self._now = now
        self.said = locale_of(language).notes
        """Its fixed sentences."""

    # --- what was done ----------------------------------------------------------------------------------------------
    def noted(self, output: ToolOutput, said: str, *, reminder: bool) -> list[str]:
        """A note was taken; ``said`` is what was to be written."""
        text = output.note.text if output.note and output.note.text else said
        short = len(text.split()) <= _ECHOED and len(text) <= _LONGEST_ECHO
        spoken = [self.said.noted.format(text=sentence(text)) if short else self.said.noted_all]
        if reminder:
            spoken.append(self.said.no_reminder)
        return spoken

    def changed(self, output: ToolOutput) -> list[str]:
        """A note was changed."""
        return [self.said.changed.format(text=sentence(output.note.text) if output.note else "")]

    def deleted(self, output: ToolOutput) -> list[str]:
        """A note was deleted."""
        return [self.said.deleted.format(text=sentence(output.note.text) if output.note else "")]

    def ask_deletion(self, found: Sequence[KnownNote], count: int, *, everything: bool) -> list[str]:
        """Whether these notes are really to be deleted."""
        said = self.said
        if count == 1:
            template = said.delete_only if everything else said.delete_one
            return [template.format(text=sentence(found[0].text)), said.shall_i]
        if everything:
            return [said.delete_all.format(notes=said.notes.of(count)), said.shall_i]
        shown = [sentence(note.text) for note in found[:_SPOKEN]]
        more = [said.and_more.format(count=count - len(shown))] if count > len(shown) else []
        return [said.delete_some.format(notes=said.notes.of(count)), *shown, *more, said.shall_i]

    def deleted_several(self, output: ToolOutput) -> list[str]:
        """Notes were deleted together."""
        return [self.said.deleted_some.format(notes=self._some(len(output.deleted)))]

    def undone(self, output: ToolOutput) -> list[str]:
        """What was done last is taken back."""
        said, found = self.said, output.notes
        if not found:
            return [said.undone]
        text = sentence(found[0].text) if len(found) == 1 else ""
        some = self._some(len(found))
        match output.undone:
            case "added":
                return [said.undone_added.format(text=text) if text else said.undone_added_some.format(notes=some)]
            case "removed":
                several = said.undone_removed_some.format(notes=some[:1].upper() + some[1:])
                return [said.undone_removed.format(text=text) if text else several]
            case _:
                return [said.undone_changed.format(text=text) if text else said.undone]

    # --- reading ----------------------------------------------------------------------------------------------------
    def read(self, output: ToolOutput) -> list[str]:
        """One note, read out."""
        return [self._noted_then(output.note)] if output.note else [self.said.no_such]

    def found(self, output: ToolOutput, topic: str, period: Period | None) -> list[str]:
        """The notes that a search found; those of ``period`` if any of them is of that time."""
        said = self.said
        if not output.notes:
            return [said.none_about.format(topic=topic) if topic else said.no_such]
        fitting = [note for note in output.notes if _within(note, period)] or list(output.notes)
        if len(fitting) == 1:
            return [self._noted_then(fitting[0])]
        return [said.found_some.format(notes=self._some(len(fitting))), *(self._dated(note) for note in fitting[:3])]

    def listed(self, output: ToolOutput, asked: ListNotes) -> list[str]:
        """The notes of a period, or how many there are."""
        said, notes, then = self.said, output.notes, self._from_period(asked.period)
        if not output.total:
            return [said.none.format(then=then)]
        have = said.have.format(notes=self._some(output.total), then=then)
        if asked.count:
            return [have]
        if asked.limit == 1 and notes:
            template = said.oldest if asked.oldest else said.last
            when = self._when(notes[0])
            when = f" {said.from_when.format(when=when.removeprefix('on '))}" if when else ""
            return [template.format(when=when, text=sentence(notes[0].text))]
        if asked.limit:
            shown = notes[: max(_SPOKEN, asked.limit)]
            template = said.oldest_some if asked.oldest else said.last_some
            return [template.format(notes=self._some(len(shown))), *(self._dated(note) for note in shown)]
        shown = notes[:_SPOKEN]
        spoken = [have, *(self._dated(note) for note in shown)]
        if (more := output.total - len(shown)) > 0:
            spoken.append(said.and_more.format(count=more))
        return spoken

    # --- lists ------------------------------------------------------------------------------------------------------
    def list_read(self, output: ToolOutput, item: str = "") -> list[str]:
        """What is on a list, or whether ``item`` is."""
        said = self.said
        if output.note is None:
            return [said.no_such]
        items = read_list(output.note.text)
        if items is None:
            return [said.note_says.format(text=sentence(output.note.text))]
        names = self._list_names(items.title)
        if item:
            found = items.matching(item)
            if not found:
                return [said.not_on.format(item=item, **names)]
            done = said.and_ticked if all(one.done for one in found) else ""
            template = said.on_it[len(found) > 1]
            return [template.format(item=self._and([one.text for one in found]), done=done, **names)]
        done = [said.ticked.format(items=self._and(items.done))] if items.done else []
        if not items.open:
            return [(said.list_done if done else said.list_empty).format(**names), *done]
        return [said.on_list.format(items=self._and(items.open), **names), *done]

    def list_edited(self, output: ToolOutput, command: EditList) -> list[str]:
        """What became of a list."""
        items = read_list(output.note.text) if output.note else None
        said = self.said
        names = self._list_names(items.title) if items else {"list": said.the_list, "title": said.the_list}
        gone = [*command.remove, *command.tick, *command.untick]
        missing = [text for text in gone if text in output.missing]
        spoken = [said.cleared.format(**names)] if command.clear else []
        for template, wanted in (
            (said.added, command.add), (said.removed, command.remove), (said.ticked_off, command.tick),
            (said.unticked, command.untick),
        ):  # fmt: skip
            if texts := [text for text in wanted if text not in missing]:
                spoken.append(template.format(items=self._and(texts), **names))
        if missing:
            spoken.append(said.missing[len(missing) > 1].format(items=self._and(missing)))
        return spoken or [locale_of(self._language).talk.done]

    # --- what can't be done -----------------------------------------------------------------------------------------
    def which(self, found: Sequence[KnownNote]) -> list[str]:
        """The question which of several notes is meant."""
        choices = [f"{at}: {sentence(note.text)}" for at, note in enumerate(found[:MOST_CHOICES], start=1)]
        return [self.said.several, *choices]

    def failure(self, output: ToolOutput, reason: str = "") -> list[str]:
        """Why a call failed; if several notes fitted, the question which of them was meant.

        Args:
            output: of the call.
            reason: in this language; "" if only the tool knows, which speaks English.
        """
        if output.candidates:
            return self.which(output.candidates)
        return [sentence(output.error) if self._language == "en" else reason or self.said.failed]

    def picked(self, utterance: str, candidates: Sequence[KnownNote]) -> KnownNote | None:
        """Which of the ``candidates`` a short utterance chooses, by its place or its words; None if none."""
        said = words(fold_words(utterance))
        if len(said) > _LONGEST_CHOICE or not said or said[0] in ("what", "when", "where", "who", "why", "how"):
            return None
        plain = fold_words(utterance)
        numbered = len(said) == 1 or said[-2] in _NUMBERING
        for chosen in (
            [_names(ordinals, said, plain) for ordinals, _ in self.said.places],
            [numbered and said[-1] in numbers.split() for _, numbers in self.said.places],
        ):
            if True in chosen:
                at = chosen.index(True)
                return candidates[at] if at < len(candidates) else None
        if _names(self.said.last_place, said, plain):
            return candidates[-1]
        wanted = stems(utterance)
        fits = [len(wanted & stems(note.text)) for note in candidates]
        best = max(fits, default=0)
        return candidates[fits.index(best)] if best and fits.count(best) == 1 else None

    # --- words ------------------------------------------------------------------------------------------------------
    def _some(self, count: int) -> str:
        return self.said.notes.of(count)

    def _when(self, note: KnownNote) -> str:
        return spoken_day(note.created_at, self._now, self._language) if note.created_at and self._now else ""

    def _noted_then(self, note: KnownNote) -> str:
        when = self._when(note)
        return self.said.you_noted.format(when=f" {when}" if when else "", text=sentence(note.text))

    def _dated(self, note: KnownNote) -> str:
        day = self._when(note)
        if not day:
            return sentence(note.text)
        return self.said.dated.format(day=day[:1].upper() + day[1:], text=sentence(note.text))

    def _from_period(self, period: Period | None) -> str:
        if period is None or self._now is None:
            return ""
        if period.since is not None and period.until is not None and (period.until - period.since).days <= 1:
            day = spoken_day(period.since, self._now, self._language).removeprefix("on ")
            return f" {self.said.from_day.format(day=day)}"
        return f" {self.said.from_then}"

    def _list_names(self, title: str) -> dict[str, str]:
        if self.said.lower_titles and not title[1:2].isupper():
            title = title[:1].lower() + title[1:]
        return {"list": self.said.your_list.format(title=title), "title": title}

    def _and(self, texts: Sequence[str]) -> str:
        return self.said.conjunction.join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def asks_what(answer: str) -> bool:
    """Whether ``answer`` asks what is to be written down."""
    return any(answer.endswith(locale_of(language).notes.ask_what) for language in MODULES)


_NUMBERING = frozenset(("number", "note", "nummer", "notiz", "numero", "nota", "رقم", "الملاحظه"))


def _names(places: str, said: Sequence[str], utterance: str) -> bool:
    """Whether one of the words ``places`` is said; of Japanese, whether it stands in the utterance."""
    return any(place in said or (not place.isascii() and place in utterance) for place in places.split())


def _within(note: KnownNote, period: Period | None) -> bool:
    if period is None or note.created_at is None or note.created_at.tzinfo is None:
        return period is None
    return (period.since is None or period.since <= note.created_at) and (
        period.until is None or note.created_at < period.until
    )


def sentence(text: str) -> str:
    """What a note says, as one sentence; a list is told without its marks."""
    items = read_list(text) if "\n" in text or text.endswith(":") else None
    if items is not None:
        replies = locale_of(detect(text)).notes
        conjunction = replies.conjunction

        def listed(texts: Sequence[str]) -> str:
            return conjunction.join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

        done = f"; {_lower(replies.ticked.format(items=listed(items.done)).rstrip('.。'))}" if items.done else ""
        text = f"{items.title}: {listed(items.open) or replies.nothing}{done}"
    text = " ".join(text.split())
    if text.endswith(_ENDS):
        return text
    return f"{text}。" if _JAPANESE.search(text[-1:]) else f"{text}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

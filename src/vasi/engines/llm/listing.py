"""Lists as answers: which list is asked for, and reading it out whole or in parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vasi.engines.llm.evidence import Asked
from vasi.language.answer_types import answer_type
from vasi.language.asking import Form, denies
from vasi.language.ranking import RankedSentence
from vasi.language.replies import Replies
from vasi.language.structure import Item, ItemList, item_lists

_MOST_ITEMS = 10
_MOST_WORDS = 130
"""Of a list that is read whole."""
_FOLLOWING = re.compile(r"the following(?: [\w-]+){0,2} (?:is|are)\b", re.IGNORECASE)
_SHORT_ITEM = 8  # words
_PART_ITEMS = 5
_PART_WORDS = 90
_ANNOUNCED = 0.6
"""Share of the question's telling words that stand in front of a list, or above it, if it is the one asked for."""
_FARTHER = 0.06
"""A list in the next passage is so much less likely the right one."""
_CLEARLY = 0.34
"""A sentence that holds so much more of the question than the list's announcement is the answer."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list of passage ``passage``; ``title`` is the heading above it."""

    passage: int
    items: ItemList
    title: str

    def holds(self, sentence: RankedSentence) -> bool:
        """Whether ``sentence`` is of this list, or announces it."""
        return sentence.passage_index == self.passage and self.items.start <= sentence.start < self.items.end

    def announced_by(self, sentence: RankedSentence) -> bool:
        """Whether ``sentence`` is the one in front of it."""
        lead_in = self.items.lead_in
        return lead_in is not None and sentence.passage_index == self.passage and sentence.start == lead_in.start

    def item(self, sentence: RankedSentence) -> Item | None:
        """The item that ``sentence`` stands in."""
        if sentence.passage_index != self.passage:
            return None
        return next((item for item in self.items.items if item.start <= sentence.start < item.end), None)

    @property
    def lead_in(self) -> str:
        """What announces it: the sentence in front, else the heading."""
        announced = self.items.lead_in.text if self.items.lead_in else self.title
        announced = " ".join(announced.split())
        return announced if announced.endswith((":", "：")) or not announced else f"{announced.rstrip('.?!')}:"


def all_lists(texts: Sequence[str], headings: Sequence[str]) -> list[FoundList]:
    """The lists of the passages with these ``texts`` under these ``headings``."""
    return [
        FoundList(index, items, heading.rpartition(" > ")[2].strip())
        for index, (text, heading) in enumerate(zip(texts, headings, strict=True))
        for items in item_lists(text)
    ]


def asked_list(
    asked: Asked, form: Form, lists: Sequence[FoundList], ranked: Sequence[RankedSentence], above: Sequence[str]
) -> FoundList | None:
    """The list that answers the question; None if a sentence does.

    Args:
        asked: the words of the question.
        form: that its answer has.
        lists: of all passages.
        ranked: the sentences of all passages, best first.
        above: headings and document of each passage.
    """
    best = ranked[0]
    if form in ("sentence", "gist"):
        return next((one for one in lists if one.announced_by(best) or _asks_for_all(one, best, asked)), None)
    if form == "verdict":
        return None
    question = asked.question
    likely: list[tuple[float, FoundList]] = []
    for one in lists:
        if len(one.items.items) < 2 or (form == "steps" and not _tells_how(one, asked)):
            continue
        announced = f"{one.title} {one.items.lead_in.text if one.items.lead_in else ''}"
        share = asked.heavy_share(f"{announced} {above[one.passage]}")
        near = not asked.stems_of(announced).isdisjoint(asked.heavy)
        if near and share >= _ANNOUNCED and denies(announced) == denies(question):
            likely.append((share - _FARTHER * one.passage, one))
    if not likely:
        alike = denies(best.text) == denies(question)
        return next((one for one in lists if one.announced_by(best) and alike), None)
    share, found = max(likely, key=lambda pair: pair[0])
    if found.holds(best):
        return found
    rival = asked.heavy_share(f"{best.text} {above[best.passage_index]}")
    return None if rival >= share + _CLEARLY else found


def _asks_for_all(one: FoundList, best: RankedSentence, asked: Asked) -> bool:
    """Whether the question is what is above a list, and its best item alone isn't the answer."""
    if one.item(best) is None or len(one.items.items) < 2 or answer_type(asked.question) != "other":
        return False
    above = f"{one.title} {one.items.lead_in.text if one.items.lead_in else ''}"
    return asked.heavy_share(above) == 1 and asked.heavy_share(best.text) < 1


def whole_list(lists: Sequence[FoundList], passage: int, text: str) -> FoundList | None:
    """The list that a passage is, but for what announces it; None if it is more than that."""
    of_passage = [one for one in lists if one.passage == passage and len(one.items.items) > 1]
    if len(of_passage) != 1:
        return None
    items = of_passage[0].items
    return of_passage[0] if not text[: items.start].strip() and not text[items.end :].strip() else None


def _tells_how(one: FoundList, asked: Asked) -> bool:
    """Whether it may be steps: numbered, or announced by a sentence or a heading that says how."""
    how = frozenset(("how", "step", "procedur", "instruct", "to", "follow"))
    return one.items.ordered or not how.isdisjoint(asked.stems_of(f"{one.title} {one.lead_in}"))


def read_out(found: FoundList, part: int, replies: Replies) -> tuple[str, bool] | None:
    """Part ``part`` of the list as lines, and whether more follows; None if there is no such part."""
    items = found.items.items
    parts = _parts(items)
    if part >= len(parts):
        return None
    chosen = parts[part]
    more = part + 1 < len(parts)
    if part == 0 and more:
        counted = replies.first_part.format(total=len(items), count=len(chosen))
        announced = f"{found.lead_in} {counted}".strip() if not _mere(found.lead_in) else counted
    elif part == 0:
        announced = found.lead_in
    else:
        announced = (replies.next_part if more else replies.last_part).format(count=len(chosen))
    lines = [f"{item.number or '-'} {item.text}" for item in chosen]
    return "\n".join([announced, *lines] if announced else lines), more


def _mere(lead_in: str) -> bool:
    return not any(letter.isalnum() for letter in lead_in)


def _parts(items: Sequence[Item]) -> list[list[Item]]:
    words = sum(len(item.text.split()) for item in items)
    if len(items) <= _MOST_ITEMS and words <= _MOST_WORDS:
        return [list(items)]
    parts: list[list[Item]] = []
    gathered = 0
    for item in items:
        length = len(item.text.split())
        if not parts or len(parts[-1]) == _PART_ITEMS or gathered + length > _PART_WORDS:
            parts.append([])
            gathered = 0
        parts[-1].append(item)
        gathered += length
    return parts


def item_in_words(found: FoundList, item: Item, asked: Asked) -> str:
    """One item; with what announces the list where that holds more of the question."""
    missing = asked.missing(item.text)
    if found.items.lead_in is None or asked.stems_of(found.lead_in).isdisjoint(missing):
        return item.text
    return announced_item(found, item)


def announced_item(found: FoundList, item: Item) -> str:
    """One item with what announces the list: "the following is not covered: diving" is "diving is not covered"."""
    lead_in = found.lead_in
    subject = _FOLLOWING.match(lead_in)
    if subject is None or len(item.text.split()) > _SHORT_ITEM:
        return f"{lead_in} {item.text}".strip()
    text = item.text.rstrip(".;,")
    verb = "are" if text.endswith("s") and not text.endswith("ss") else "is"
    return f"{text} {verb}{lead_in[subject.end() :].rstrip(':：')}"

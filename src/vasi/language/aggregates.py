"""Questions over records: how many, which all, which is the most, which of two, how much together, under which
conditions.

Only the form is read here. Whether records say it, and which column is meant, is told by whoever knows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.aggregate_phrases import PHRASES, Interrogative, Limit, Phrases
from vasi.language.columns import Concept, asked_by, headings_of
from vasi.language.detection import detect
from vasi.language.quantities import Date, Decimal, Quantity, date, decimal_of, find_quantity, time_of_day, unit_of
from vasi.language.stop_words import Language
from vasi.language.terms import words

Operation: TypeAlias = Literal["count", "list", "largest", "smallest", "total", "average", "amount", "look up", "check"]
"""``amount`` is a cell or a sum, as it comes ("how much did we spend"); ``look up`` a cell or a few records,
``check`` whether a record is so."""
Relation: TypeAlias = Limit | Literal["in"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a bound may stand for; whether "2020" is a year or a number is told by the column."""

    quantity: Quantity | None = None
    date: Date | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A condition on a column: below, above or ``in`` a value, or what another record has that is called ``name``.

    ``concepts`` are what "older than" asks for.
    """

    relation: Relation
    value: Value
    concepts: frozenset[Concept] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is asked of records.

    Attributes:
        operation: what to do with those that fit.
        kind: the words of the question beside the rest: what is counted or listed, columns, values.
        without: the same behind a "not".
        concepts: of the column by which is compared; empty if ``kind`` alone tells.
        names: the two that are compared.
        bounds: that hold for the records.
        asks: the word of the question, as far as it tells what is asked for.
        most: "most" or "least" is asked, without an adjective.
        language: of the question.
        group: "each" of what is counted for: "owner" in "how many boats per owner"; "" if all are counted together.
    """

    operation: Operation
    kind: str
    without: str = ""
    concepts: frozenset[Concept] = frozenset()
    names: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    asks: Interrogative = "which"
    most: bool = False
    language: Language = "en"
    group: str = ""

    def headings(self) -> list[str]:
        """What the columns may be called that are asked for in other words: "earns" for a salary."""
        asked = self.concepts.union(*(asked_by(word) for word in words(self.kind)))
        return headings_of(frozenset(asked))


_EACH = re.compile(
    r"\b(?:(?:for|on|in|at|of|by|bei|in|auf|für|por|en|par|dans|per|su|a) )?(?:per|each|every|pro|je|jede[rsnm]?"
    r"|cada|chaque|ogni|elke?|ieder[e]?) (?P<by>[^\W\d_]{2,30})\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\s*(?:the |those of |that of |der |die |das |dem |den |la |le |el |il |lo |o |a |de |het )?(?P<name>.{2,60})\Z"
)
"""What stands behind "cheaper than" and is no value."""
_LONGEST = 240  # characters
_COMPARING = frozenset({"less than", "more than", "fewer than", "mehr als", "weniger als", "meer dan", "minder dan"})
_ENDS = " .!?¿¡:,"
_NEAR = 12
"""Characters between a comparing word and its value: "before the 3rd of May"."""


def asked_aggregate(question: str) -> Aggregate | None:
    """What ``question`` may ask over many records; None if it can't.

    Nearly every question may: whoever knows the records tells whether they hold all that it asks for.
    """
    asked = " ".join(question.split()).strip(_ENDS)
    if not asked or len(asked) > _LONGEST:
        return None
    language = detect(question)
    phrases = PHRASES.get(language)
    if phrases is None:
        return None
    if compared := _compared(asked, phrases, language):
        return compared
    decimal = decimal_of([], language)
    bounds, rest = _bounds(phrases.parted.sub(r"\g<noun> \g<more> \g<than>", asked), phrases, decimal)
    found = _operation(rest, phrases)
    if found is None:
        return None
    operation, rest, concepts, asks, most = found
    group = ""
    if operation == "count" and (each := _EACH.search(rest)):
        group = each["by"]
        rest = f"{rest[: each.start()]} {rest[each.end() :]}"
    kind, without = _negated(rest, phrases)
    return Aggregate(operation, kind, without, concepts, (), bounds, asks, most, language, group)


def _operation(asked: str, phrases: Phrases) -> tuple[Operation, str, frozenset[Concept], Interrogative, bool] | None:
    """The operation, the rest of the question, what is compared by, what is asked for, and if by "most"."""
    asks: Interrogative | None = None
    rest = asked
    if found := phrases.asking.match(asked):
        asks = phrases.interrogative(found)
        rest = asked[found.end() :]
    counting = asks is None and phrases.count.match(asked)
    if counting:
        rest = asked[counting.end() :]
    listing = asks is None and not counting and phrases.listing.match(asked)
    if listing:
        rest = asked[listing.end() :]
    if found := phrases.average.search(rest):
        return "average", _cut(rest, found), frozenset(), asks or "what", False
    total = phrases.total.search(rest)
    if counting and not total:
        return "count", rest, frozenset(), "which", False
    if total and (asks in (None, "what", "amount", "which") or counting):
        if asks is None and not counting and not phrases.total.match(rest):
            return None
        return "total", _cut(rest, total), frozenset(), asks or "amount", False
    if asks is None and not listing:
        if phrases.checking is None or (found := phrases.checking.match(rest)) is None:
            return None
        return "check", rest[found.end() :], frozenset(), "which", False
    if graded := phrases.graded(rest):
        largest, concepts, start, end = graded
        operation: Operation = "largest" if largest else "smallest"
        return operation, f"{rest[:start]} {rest[end:]}", concepts, asks or "which", not concepts
    if listing:
        return "list", rest, frozenset(), "which", False
    return ("amount" if asks == "amount" else "look up"), rest, frozenset(), asks or "which", False


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _compared(asked: str, phrases: Phrases, language: Language) -> Aggregate | None:
    found = phrases.compared.fullmatch(asked) if phrases.compared is not None else None
    if found is None:
        return None
    graded = phrases.compares(found["quality"])
    if graded is None:
        return None
    largest, concepts = graded
    names = (found["one"].strip(" ,:"), found["other"].strip(" ,:"))
    kind = f"{found['verb']} {found['kind']}".strip()
    operation: Operation = "largest" if largest else "smallest"
    return Aggregate(operation, kind, "", concepts, names, most=not concepts, language=language)


def _bounds(asked: str, phrases: Phrases, decimal: Decimal) -> tuple[tuple[Bound, ...], str]:
    """The conditions with values in ``asked``, and what is left of it."""
    found: list[Bound] = []
    at, kept = 0, ""
    for word in phrases.relation.finditer(asked):
        if word.start() < at:
            continue
        read = _between(asked, word, phrases, decimal) or _bound(asked, word, phrases, decimal)
        if read is None:
            continue
        bounds, end = read
        found += bounds
        kept += asked[at : word.start()] + " "
        at = end
    return tuple(found), (kept + asked[at:]).strip(_ENDS)


def _between(asked: str, word: re.Match[str], phrases: Phrases, decimal: Decimal) -> tuple[list[Bound], int] | None:
    if word["between"] is None:
        return None
    low = _value(asked, word.end(), decimal)
    if low is None:
        return None
    joint = phrases.joint.match(asked, low[1])
    high = _value(asked, joint.end(), decimal) if joint else None
    if high is None:
        return None
    first, last = low[0], high[0]
    if first.quantity and last.quantity and not first.quantity.kind and last.quantity.kind:
        quantity = Quantity(
            first.quantity.value * last.quantity.factor, last.quantity.kind, last.quantity.factor, last.quantity.unit
        )
        first = Value(quantity, first.date if last.date else None, first.minutes)
    return [Bound("at least", first), Bound("at most", last)], high[1]


def _bound(asked: str, word: re.Match[str], phrases: Phrases, decimal: Decimal) -> tuple[list[Bound], int] | None:
    read = _value(asked, word.end(), decimal)
    compares = word["than"] is not None or (word["plain"] or "").lower() in _COMPARING
    if read is None and compares:
        return _than_another(asked, word, phrases)
    if read is None or word["between"] is not None:
        return None
    value, end = read
    if word["within"] is not None:
        return ([Bound("in", Value(date=value.date))], end) if value.date is not None else None
    relation, concepts = phrases.related(word)
    return [Bound(relation, value, concepts)], end


def _than_another(asked: str, word: re.Match[str], phrases: Phrases) -> tuple[list[Bound], int] | None:
    """The condition to be more or less than another record, which is named up to the end."""
    other = _OTHER.match(asked, word.end())
    relation, concepts = phrases.related(word)
    if other is None or relation not in ("below", "above"):
        return None
    return [Bound(relation, Value(), concepts, other["name"])], len(asked)


def _value(asked: str, start: int, decimal: Decimal) -> tuple[Value, int] | None:
    """The value that begins soon behind ``start``, and its end."""
    text = asked[start : start + 60]
    day, clock, amount = date(text), time_of_day(text), find_quantity(text, decimal)
    near = [
        (first, last)
        for first, last in (
            day[1:] if day else (_NEAR, 0),
            clock[1:] if clock else (_NEAR, 0),
            amount[1:] if amount else (_NEAR, 0),
        )
    ]
    first = min(one for one, _ in near)
    if first >= _NEAR or any(c.isalpha() for c in text[:first].replace("the", "").replace("el", "")[6:]):
        return None
    end = max(last for one, last in near if one == first)
    by_unit = amount is not None and amount[1] == first and bool(amount[0].kind)
    value = Value(
        amount[0] if amount and amount[1] == first and not (day and day[2] > amount[2] and day[0].month) else None,
        day[0] if day and day[1] == first and not by_unit else None,
        clock[0] if clock and clock[1] == first else None,
    )
    return value, start + end


def _negated(text: str, phrases: Phrases) -> tuple[str, str]:
    """``text`` without what a "not" stands in front of, and that."""
    found = phrases.negation.search(text)
    if found is None:
        return text, ""
    end = phrases.clause_end.search(text, found.end())
    stop = end.start() if end else len(text)
    return f"{text[: found.start()]} {text[stop:]}".strip(), text[found.end() : stop].strip()


def is_unit(word: str) -> bool:
    """Whether ``word`` is a unit, which is measured and not counted."""
    return unit_of(word) is not None

"""Whether a sentence holds the very quantity that a question asks for: "how many members" wants members counted,
"how deep" a number of metres. Sharper than the type of an answer, and silent about questions for anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from vasi.language.cues import NUMERAL
from vasi.language.terms import STOP_WORDS, stem, words

_LENGTH = r"(?:milli|centi|kilo)?met(?:re|er)s?|feet|foot|inch(?:es)?|miles?|yards?|km|cm|mm|m|ft"
_TIME = r"seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|centur(?:y|ies)|decades?"
_WEIGHT = r"(?:kilo|milli)?gram(?:me)?s?|kilos?|tons?|tonnes?|pounds?|ounces?|stone|kg|g|lbs?"
_SPEED = r"knots|(?:kilomet(?:re|er)s|miles|met(?:re|er)s) (?:an?|per) (?:hour|second)|km/h|mph|kph"
_WARMTH = r"degrees?|°"
_POWER = r"(?:kilo|mega)?watts?|kw|horse ?power|volts?|amperes?|amps?"
_MONEY = r"dollars?|euros?|pounds?|francs?|cents?|yen|crowns?|kron(?:a|or|er|e)|rupees?|per ?cent|%"

_UNITS = (
    (r"how (?:high|tall|deep|wide|far|thick|broad)\b|\bwhat (?:distance|height|depth|width)\b", _LENGTH),
    (r"how long\b|\bwhat length\b", rf"{_TIME}|{_LENGTH}"),
    (r"how (?:often|soon|quickly)\b|\bhow much (?:time|notice|rest|sleep)\b|\bafter how many\b", _TIME),
    (r"how heavy\b|\b(?:weight|weigh|weighs)\b", _WEIGHT),
    (r"how fast\b|\b(?:what|which|top) speed\b", rf"{_SPEED}|revolutions|turns"),
    (r"how (?:hot|cold|warm)\b|\btemperature\b", _WARMTH),
    (r"how (?:strong|powerful)\b", rf"{_POWER}|{_WEIGHT}"),
    (r"how old\b", r"years?"),
)
_NO_RECORD = r"(?! (?:list|schedule|table|sheet)s?\b)"
"""What is on the price list isn't an amount alone."""
_ASKS_MONEY = (
    re.compile(r"\bhow much (?:is|are|was|were|does|do|did|will|would|must|should)\b"),
    re.compile(rf"\A(?>.*?\bwhat ).*\b(?:costs?|price|fee|deposit|pay)\b{_NO_RECORD}", re.DOTALL),
    re.compile(r"\b(?:price|fee|cost|deposit) (?:of|for)\b"),
)
_COUNTED = re.compile(r"\bhow many (?P<what>(?:[\w'-]+ ){0,3}[\w'-]+)")
_COUNT_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]\w+)?|hundred"
    r"|thousand|million|half an?|an?|few|several|no"
)
_QUANTITY = rf"(?:{NUMERAL}|\b(?:{_COUNT_WORD}))"
_YEAR_OF_BIRTH = r"\b(?:1\d{3}|20\d\d)\b"
_WRITTEN = tuple(
    (
        re.compile(rf"\b{asking}"),
        re.compile(
            rf"{_QUANTITY}[ -]?(?:{units})(?![a-z])" + (f"|{_YEAR_OF_BIRTH}" if "old" in asking else ""), re.IGNORECASE
        ),
    )
    for asking, units in _UNITS
)
"""What asks for a quantity, and what it looks like."""
_AMOUNT = re.compile(rf"[$€£¥]\s?\d|{_QUANTITY} ?(?:{_MONEY})(?![a-z])", re.IGNORECASE)
_NUMBER = re.compile(rf"\d[\d,.]*+|{_COUNT_WORD}")
_NEAR = 3
"""Words between a number and what it counts: "412 old apple trees"."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is to be counted, or how a quantity is written.

    Attributes:
        noun: stem of what is counted, "" if nothing is.
        described: stems of the words that stand with it in the question.
        written: what the quantity looks like where nothing is counted.
    """

    noun: str = ""
    described: frozenset[str] = frozenset()
    written: re.Pattern[str] | None = None


def asked_measure(question: str) -> Measure | None:
    """The quantity that ``question`` asks for; None if it asks for something else."""
    question = question.lower()
    if found := _COUNTED.search(question):
        phrase = _noun_phrase(words(found["what"]))
        plural = [word for word in phrase if word.endswith("s") and not word.endswith("ss")] or phrase[:1]
        if plural:
            return Measure(noun=stem(plural[0]), described=frozenset(stem(word) for word in phrase))
    for asking, written in _WRITTEN:
        if asking.search(question):
            return Measure(written=written)
    return Measure(written=_AMOUNT) if any(asking.search(question) for asking in _ASKS_MONEY) else None


def holds(measure: Measure, sentence: str) -> float:
    """How surely (0 to 1) ``sentence`` has a quantity of that kind."""
    if measure.written is not None:
        return 1.0 if measure.written.search(sentence) else 0.0
    said = [(word, stem(word)) for word in words(sentence)]
    best = 0.0
    for at, (word, _) in enumerate(said):
        if not _is_number(word):
            continue
        for place in range(at + 1, min(len(said), at + 1 + _NEAR)):
            if said[place][1] == measure.noun:
                told = all(between in measure.described for _, between in said[at + 1 : place])
                best = max(best, 1.0 if told else 0.5)  # "31 new members" aren't all members
    return best


_ANY_NUMBER = re.compile(
    rf"\d|\b(?:{_COUNT_WORD}|once|twice|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|every|each|per|free|none"
    r"|both|all)\b",
    re.IGNORECASE,
)


def has_number(sentence: str) -> bool:
    """Whether a sentence holds a number of any kind, in digits or words, or how often something happens.

    An article is none.
    """
    return any(match.group().lower() not in ("a", "an") for match in _ANY_NUMBER.finditer(sentence))


def _is_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None and word not in ("a", "an")


def _noun_phrase(after: list[str]) -> list[str]:
    """The words up to the first function word: "red buttons" of "red buttons can stop"."""
    return list(takewhile(lambda word: word not in STOP_WORDS, after))

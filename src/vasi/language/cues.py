"""What kind of answer a question wants, and whether a sentence holds something of that kind."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, TypeAlias

from vasi.language.stop_words import Language
from vasi.language.terms import STOP_WORDS, stem, words

AnswerType: TypeAlias = Literal["amount", "number", "duration", "time", "place", "name", "reason", "other"]

_QUESTIONS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    (
        "amount",
        re.compile(r"\bhow much\b|\bwhat (?:\w+ ){0,2}(?:price|cost|fee|percent|percentage|salary|rate)\b"),
    ),
    ("amount", re.compile(r"\A(?>.*?\bwhat (?:does|do|did|will|would) ).*\bcost\b", re.DOTALL)),
    (
        "number",
        re.compile(
            r"\bhow many\b"
            r"|\bwhat (?:is the |\w+ )?(?:number|temperature|size|speed|distance|population|age|limit)\b"
            r"|\bhow (?:old|tall|far|big|large|fast|high|deep|wide|heavy)\b"
        ),
    ),
    ("duration", re.compile(r"\bhow (?:long|often)\b")),
    ("time", re.compile(r"\b(?:what|which) (?:\w+ )?(?:year|date|day|month|time|century|decade)\b|\bwhen\b")),
    (
        "place",
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?"
            r"(?:city|country|state|place|location|town|region|continent|area|building|room)\b"
        ),
    ),
    (
        "name",
        re.compile(
            r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?"
            r"(?:person|man|woman|actor|actress|author|singer|player|team|company|president|king|queen|scientist)\b"
        ),
    ),
    ("reason", re.compile(r"\bwhy\b")),
)

NUMERAL = r"(?<![\d,.])[,.]*+(?<![^\W\d])\d[\d,.]*+"
"""A number in digits, from its first mark on: of a row of digits and marks without end no part is read twice."""

_COUNT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
_NUMBER = re.compile(rf"\d|\b(?:{_COUNT}|half|dozen|twice|once|third|quarter|several)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|%|\bper ?cent\b"
    rf"|{NUMERAL}\s*+(?:million |billion |thousand )?(?:dollars?|euros?|pounds?|francs?|yen|cents?)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"(?:{NUMERAL}|\b(?:{_COUNT}|several|a|an|every|once|twice))[ -](?:(?:a|an|per|business|working|calendar) )?"
    r"(?:second|minute|hour|day|night|week|month|quarter|year|decade|centur)\w*|\b(?:daily|weekly|monthly|yearly)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)s?\b")
_DATE = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes"
    r"|thurs|fri|satur|sun)day|century|season|spring|summer|autumn|winter|day|week|month|year|decade|noon|midnight"
    r")s?\b|\d{1,2}:\d\d|\d ?[ap]\.?m\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|on|near|from|to|into|of|between|along|outside|inside|throughout)\s+(?:the\s+)?[A-Z]\w+"
    r"|\b(?:room|floor|street|road|building|city|town|north|south|east|west|northern|southern|eastern|western)\b"
)
_COUNTED = re.compile(r"\bhow many ((?:[\w'’-]+ ?){1,2})", re.IGNORECASE)
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]+")
_REASON = re.compile(
    r"\b(?:because|since|due to|so that|in order to|as a result|therefore|reason|caused?|causes|leads? to"
    r"|led to|to avoid|thus)\b",
    re.IGNORECASE,
)


def answer_type(question: str) -> AnswerType:
    """What kind of thing ``question`` asks for."""
    lowered = question.lower()
    for kind, pattern in _QUESTIONS:
        if pattern.search(lowered):
            return kind
    return "other"


def counted(question: str, language: Language = "en") -> frozenset[str]:
    """The stems of what ``question`` asks the number of: of "apple" and "trees" in "how many apple trees"."""
    found = _COUNTED.search(question)
    if not found:
        return frozenset()
    return frozenset(stem(word, language) for word in words(found.group(1)) if word not in STOP_WORDS)


def cue(kind: AnswerType, sentence: str, question_stems: Collection[str], nouns: frozenset[str] = frozenset()) -> float:
    """How surely (0 to 1) ``sentence`` holds something of that kind; 0.5 where nothing can be told.

    Args:
        kind: of the answer.
        sentence: that may hold it.
        question_stems: stems of the question: a name among them isn't the answer.
        nouns: what is to be counted, from ``counted``.
    """
    match kind:
        case "amount":
            return 1.0 if _MONEY.search(sentence) else _number(sentence) / 2
        case "number":
            return 1.0 if _has_count(sentence, nouns) else _number(sentence) * (0.6 if nouns else 1.0)
        case "duration":
            return 1.0 if _DURATION.search(sentence) else _number(sentence) / 2
        case "time":
            if _YEAR.search(sentence):
                return 1.0
            return 0.7 if _DATE.search(sentence) else 0.4 * _number(sentence)
        case "place":
            return 1.0 if _PLACE.search(sentence) else 0.0
        case "name":
            return 1.0 if _has_new_name(sentence, question_stems) else 0.0
        case "reason":
            return 1.0 if _REASON.search(sentence) else 0.0
        case "other":
            return 0.5


def _number(sentence: str) -> float:
    return 1.0 if _NUMBER.search(sentence) else 0.0


def _has_count(sentence: str, nouns: frozenset[str]) -> bool:
    """Whether a number stands up to two words before one of ``nouns``."""
    if not nouns:
        return False
    found = words(sentence)
    return any(
        stem(word) in nouns and _NUMBER.search(" ".join(found[max(0, at - 3) : at])) for at, word in enumerate(found)
    )


def _has_new_name(sentence: str, question_stems: Collection[str]) -> bool:
    """Whether a capitalised word stands in ``sentence`` that isn't one of the question's own."""
    for match in _CAPITALISED.finditer(sentence):
        found = words(match.group())
        if not found or (match.start() == 0 and found[0] in STOP_WORDS):
            continue
        if not all(stem(word) in question_stems for word in found):
            return True
    return False

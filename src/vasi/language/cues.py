"""Whether a sentence holds something of the kind that a question asks for, in the languages of both."""

from __future__ import annotations

import re
from collections.abc import Collection

from vasi.language.answer_types import AnswerType
from vasi.language.stop_words import Language
from vasi.language.terms import STOP_WORDS, stem, words

NUMERAL = r"(?<![\d,.])[,.]*+(?<![^\W\d])\d[\d,.]*+"
"""A number in digits, from its first mark on: of a row of digits and marks without end no part is read twice."""

_COUNT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
_NUMBER = re.compile(rf"\d|\b(?:{_COUNT}|half|dozen|twice|once|third|quarter|several)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\d\s?[€£¥円원元]|%|\bper ?cent\b|\b(?:EUR|USD|CHF|GBP)\b"
    rf"|{NUMERAL}\s*+(?:million |billion |thousand )?(?:dollars?|euros?|pounds?|francs?|yen|cents?|dólares|franken"
    r"|prozent|reais|pesos)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"(?:{NUMERAL}|\b(?:{_COUNT}|several|a|an|every|once|twice))[ -](?:(?:a|an|per|business|working|calendar) )?"
    r"(?:second|minute|hour|day|night|week|month|quarter|year|decade|centur"
    r"|sekunde|minut|stunde|tag|woche|monat|jahr|jours?\b|heure|semaine|mois\b|ann[éi]|ans?\b|día|hora|semana|mes|año"
    r"|giorn|or[ae]\b|settiman|dag|uur|uren|we[e]?k|maand|jaar|dia|anos?\b)\w*"
    r"|\d ?(?:秒|分|時間|日|週|か月|ヶ月|年|초|분|시간|일|주|개월|년)"
    r"|\b(?:daily|weekly|monthly|yearly|annually|quarterly|täglich|wöchentlich|monatlich|jährlich)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)s?\b")
_DATE = re.compile(
    r"\b(?:januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei"
    r"|augustus|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes"
    r"|thurs|fri|satur|sun)day|century|season|spring|summer|autumn|winter|day|week|month|year|decade|noon|midnight"
    r")s?\b|\d{1,2}:\d\d|\d ?[ap]\.?m\b|\d ?h ?\d\d|\d ?uhr\b|\d{1,2}[./]\d{1,2}[./]\d|\d ?[年月日시]",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|on|near|from|to|into|of|between|along|outside|inside|throughout|im|am|bei|nach|aus|à|au|aux|en|dans|de"
    r"|em|no|na|a|di|da|te|op|bij)\s+(?:(?:the|la|le|el|der|dem|het)\s+)?[A-ZÀ-ÖØ-Þ]\w+"
    r"|\b(?:room|floor|street|road|building|city|town|north|south|east|west|northern|southern|eastern|western)\b"
)
_COUNTED = re.compile(r"\bhow many ((?:[\w'’-]+ ?){1,2})", re.IGNORECASE)
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]+")
_REASON = re.compile(
    r"\b(?:because|since|due to|so that|in order to|as a result|therefore|reason|caused?|causes|leads? to"
    r"|led to|to avoid|thus|weil|wegen|denn|damit|parce que|car|afin de|porque|debido|perché|poiché|omdat|vanwege"
    r"|pois)\b"
    r"|ため|ので|때문|بسبب|لأن|因为|因為",
    re.IGNORECASE,
)


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

"""Japanese questions that lean on the one before: "では日曜日は？", "それはいくらですか".

Japanese has no spaces: what a question is about is what remains of it without the words that ask, refer and join.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from vasi.language.date_words import any_of
from vasi.language.locales import locale_of
from vasi.language.locales.turns import FollowUpWords

_MARKS = " \t\n?？!！。、,."
_TELLING = re.compile(r"[\u3005\u3400-\u9fff\u30a1-\u30fa\w]")
_JOINS = re.compile(r"[はがをにでとのもへやかねよって\s、。,.?？!！]|[\u3041-\u3096]")
_TOPIC = re.compile(r"(?P<topic>.+?)(?:について|には|では|って|は|が)")
_RESTS = (
    "の場合は",
    "の場合",
    "について",
    "だったら",
    "のほうは",
    "の方は",
    "から",
    "まで",
    "なら",
    "だと",
    "とか",
    "のは",
    *"はもにで",
)
"""What follows the only thing that a question names which asks nothing itself; the longer ones first."""
_DATED = r"\d{4}年|\d{1,2}月\d{1,2}日|\d{1,2}[月日]"
_PARTICLE = "(?:には|に|の|は)?"


def in_context(question: str, before: str, following: FollowUpWords) -> str:
    """See ``vasi.language.followups.in_context``."""
    question, before = unicodedata.normalize("NFKC", question), unicodedata.normalize("NFKC", before)
    opening = following.opening.match(question)
    rest = (question[opening.end() :] if opening else question).strip(_MARKS)
    if len(question) > following.longest:
        return question
    names_only = _names_only(rest, following)
    if not (opening or names_only or not _about(rest, following)):
        return question
    if names_only:  # what is asked is still the same
        return f"{_without_same(before, rest)} {rest}"
    topic = _topic(before)
    return rest if not topic or topic in rest else f"{rest} {topic}"


@cache
def _asking(following: FollowUpWords) -> re.Pattern[str]:
    words = sorted(following.asking | following.pronouns, key=lambda word: -len(word))
    return re.compile("|".join(map(re.escape, words)))


def _about(text: str, following: FollowUpWords) -> str:
    """What ``text`` is about, "" if that must have been said before."""
    left = _JOINS.sub("", _asking(following).sub(" ", text))
    return left if _TELLING.search(left) else ""


def _names_only(rest: str, following: FollowUpWords) -> bool:
    """Whether ``rest`` names something, and asks nothing of it: "日曜日は"."""
    named = _without_rests(rest)
    return (
        named != rest and _asking(following).search(rest) is None and _about(named, following) != "" and len(rest) < 14
    )


def _without_rests(text: str) -> str:
    left = text.rstrip(_MARKS)
    while (shorter := next((left.removesuffix(rest) for rest in _RESTS if left.endswith(rest)), left)) != left:
        left = shorter
    return left


def _topic(before: str) -> str:
    """What ``before`` speaks of: up to its first topic particle."""
    found = _TOPIC.match(before)
    return found["topic"].strip(_MARKS) if found else before.strip(_MARKS)


def _without_same(before: str, rest: str) -> str:
    """``before`` without the day, month or year in whose place ``rest`` puts another."""
    dates = locale_of("ja").dates
    for names in ((*dates.days, *dates.near), tuple(dates.months)):
        named = any_of(names)
        if re.search(named, rest):
            before = re.sub(rf"(?:{named}){_PARTICLE}", "", before)
    if re.search(_DATED, rest):
        before = re.sub(rf"(?:{_DATED}){_PARTICLE}", "", before)
    return before.strip(_MARKS)

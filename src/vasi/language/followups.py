"""Questions that lean on the one before: "and for dental?", "how much is it", "what about contractors"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vasi.language.terms import STOP_WORDS, stem, words

_OPENING = re.compile(
    r"(?:(?:ok(?:ay)?|yes|so|well|hm+|thanks|thank you)[\s,.!]+)*(?:and|but|or|what about|how about)\b[\s,]*",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(
    ["it", "its", "that", "this", "those", "these", "they", "them", "their", "there", "he", "she", "him", "her", "his"]
)
_ASKING = frozenset(
    (
        "much", "many", "long", "often", "far", "old", "big", "time", "day", "date", "kind", "type", "else", "cost",
        "costs", "happen", "happens", "mean", "means", "please", "know", "get", "got", "one", "ones", "allowed", "work",
        "works",
    )
)  # fmt: skip
_QUESTION_WORDS = frozenset(
    (
        "what", "when", "where", "who", "whom", "whose", "which", "why", "how", "is", "are", "was", "were", "do",
        "does", "did", "can", "could", "may", "must", "should", "will", "would", "has", "have",
    )
)  # fmt: skip
_PREPOSITIONS = frozenset(["for", "in", "on", "at", "with", "without", "during", "to", "from", "by", "under", "of"])
_LONGEST = 9
"""Words: a longer question stands on its own."""


def in_context(question: str, before: str) -> str:
    """``question`` with the topic words of ``before``, the question that it follows, where it leans on that."""
    if not before:
        return question
    opening = _OPENING.match(question)
    said = words(question)
    telling = _telling(said)
    refers = len(telling) <= 1 and not _PRONOUNS.isdisjoint(said)
    if len(said) > _LONGEST or not (opening or refers or not telling):
        return question
    rest = (question[opening.end() :] if opening else question).strip(" ?.!")
    asked = words(rest)
    kept = _without_slot(words(before), asked)
    if asked and asked[0] not in _QUESTION_WORDS:  # what is asked is still the same
        return f"{' '.join(kept)} {rest}"
    new = {stem(word) for word in asked}
    topic = [word for word in kept if word not in STOP_WORDS and word not in _ASKING and stem(word) not in new]
    return f"{rest} {' '.join(dict.fromkeys(topic))}".strip()


def resolve(questions: Iterable[str]) -> str:
    """The last of ``questions`` (oldest first) with what it takes from those before it; "" if there is none."""
    resolved = ""
    for question in questions:
        resolved = in_context(question, resolved)
    return resolved


def _telling(said: list[str]) -> list[str]:
    return [word for word in said if word not in STOP_WORDS and word not in _ASKING and word not in _PRONOUNS]


def _without_slot(before: list[str], rest: list[str]) -> list[str]:
    """``before`` without what ``rest`` puts in its place: "for vision" makes room for "for dental"."""
    slot = next((word for word in rest if word in _PREPOSITIONS), None)
    if slot is None or slot not in before or rest.index(slot) > 1:
        return before
    start = len(before) - 1 - before[::-1].index(slot)
    end = next((at for at in range(start + 1, len(before)) if before[at] in _PREPOSITIONS), min(len(before), start + 4))
    return before[:start] + before[end:]

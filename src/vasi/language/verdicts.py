"""Whether a statement says yes or no to a question, or leaves it open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vasi.language.terms import STOP_WORDS, stem, words

_HEDGES = re.compile(
    r"\b(?:unless|except|if|depending|depends|sometimes|usually|generally|often"
    r"|some(?! of (?:the|these|our))|certain|partly|partially|either"
    r"|should|might|perhaps|whether|whichever|until|provided that|as long as)\b",
    re.IGNORECASE,
)
"""Words that make a yes or no more than a statement says."""
_NEGATORS = frozenset(
    [
        "not",
        "never",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "won't",
        "wouldn't",
        "mustn't",
        "shouldn't",
        "couldn't",
        "hasn't",
        "haven't",
        "hadn't",
        "shan't",
        "no",
        "neither",
        "nor",
    ]
)
_REFUSED = frozenset(
    stem(word)
    for word in [
        "excluded",
        "excludes",
        "excluding",
        "forbidden",
        "prohibited",
        "banned",
        "exempt",
        "exempted",
        "refused",
    ]
)
_PREDICATES = frozenset(
    stem(word)
    for word in [
        "allowed",
        "permitted",
        "covered",
        "included",
        "possible",
        "available",
        "required",
        "needed",
        "provided",
        "offered",
        "accepted",
        "reimbursed",
        "paid",
        "supported",
        "insured",
        "valid",
        "eligible",
        "necessary",
        "obliged",
        "entitled",
    ]
)
"""What may follow a "not" without being among the words of the question."""
_BETWEEN = frozenset(
    [
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "also",
        "yet",
        "currently",
        "generally",
        "a",
        "an",
        "any",
        "the",
        "to",
        "have",
        "has",
    ]
)
_OBLIGES = re.compile(
    r"\b(?:must|have to|has to|need to|needs to|need|required|obliged|necessary|mandatory)\b", re.IGNORECASE
)
_MODAL = frozenset(("may", "might", "shall", "please", "allowed", "permitted", "possible"))
"""Words of a question that its answer says with others: may I, am I allowed to, is it possible to."""
_ONLY = re.compile(r"\bonly\b|\bsolely\b|\bexclusively\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[,;:]\s|\b(?:while|whereas|but|although|though|and)\b", re.IGNORECASE)
_KIN = 5
"""Letters in common from which on two words count as forms of one: cover and coverage."""


def verdict(question: str, statement: str, context: str = "") -> bool | None:
    """Whether ``statement`` says yes or no to ``question``; None if it doesn't decide it.

    It decides it if all telling words of the question stand in it, and a "not" in it belongs to one of them. "Only"
    says no to what it leaves out.

    Args:
        question: that asks for a yes or no.
        statement: a sentence, or an item with what announces it.
        context: headings and the document's name, which may hold what the question is about.
    """
    if _HEDGES.search(statement):
        return None
    asked = _telling(question)
    if not asked:
        return None
    said = [stem(word) for word in words(statement)]
    above = [stem(word) for word in words(context)]
    known = [_held(word, said) for word in asked]
    missing = [word for word, held in zip(asked, known, strict=True) if not held and not _held(word, above)]
    if missing:
        return _left_out(asked, statement, above)
    if not any(known):
        return None
    if (_OBLIGES.search(question) is None) != (_OBLIGES.search(statement) is None):
        return None
    denied = _denied(statement, asked)
    if denied is None:
        return None
    return denied == _asks_denied(question)


def _telling(question: str) -> list[str]:
    found = [word for word in words(question) if word not in STOP_WORDS and word not in _NEGATORS]
    return [stem(word) for word in found if word not in _MODAL and _OBLIGES.fullmatch(word) is None]


def _held(word: str, stems: Sequence[str]) -> bool:
    return word in stems or (len(word) >= _KIN and any(other.startswith(word) for other in stems))


def _left_out(asked: Sequence[str], statement: str, above: Sequence[str]) -> bool | None:
    """No, if ``statement`` says of the same subject and verb what "only" holds, and the question's object isn't it."""
    clause = next((part for part in _CLAUSES.split(statement) if _ONLY.search(part)), None)
    if clause is None or _NEGATORS.intersection(words(statement)):
        return None
    said = [stem(word) for word in words(clause)]
    known = [_held(word, said) or _held(word, above) for word in asked]
    first = next((at for at, held in enumerate(known) if not held), len(known))
    subject = _held(asked[0], said)
    return False if subject and 2 <= first < len(known) and not any(known[first:]) else None


def _asks_denied(question: str) -> bool:
    """Whether the question itself has a "not": "aren't dogs allowed" is answered like "are dogs allowed"."""
    said = words(question)
    return any(word in ("not", "never", "no", "without") for word in said[1:])


def _denied(statement: str, asked: Sequence[str]) -> bool | None:
    """Whether ``statement`` denies what is asked; None if it has a "not" that may belong to something else."""
    said = words(statement)
    stems = [stem(word) for word in said]
    if any(word in _REFUSED for word in stems):
        return None if _NEGATORS.intersection(said) else True
    denials = [at for at, word in enumerate(said) if word in _NEGATORS]
    if not denials:
        return False
    if len(denials) > 1:
        return None
    following = next((at for at in range(denials[0] + 1, len(said)) if said[at] not in _BETWEEN), None)
    if following is None:
        return None
    belongs = stems[following] in _PREDICATES or _held(stems[following], asked) or _held_by(asked, stems[following])
    return True if belongs else None


def _held_by(asked: Sequence[str], word: str) -> bool:
    return any(len(one) >= _KIN and word.startswith(one) for one in asked)

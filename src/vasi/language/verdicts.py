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
_DOUBTS = frozenset(
    word
    for line in [
        "hardly scarcely barely rarely seldom few little normally mostly mainly",
        "false untrue true myth rumoured rumored rumours rumors said says claim claims claimed believed believe think",
        "planned plans proposed proposal proposals motion unclear clear reportedly allegedly supposedly",
        "turned rejected declined denied failed postponed cancelled canceled withdrawn abandoned instead",
        "formerly previously once originally",
    ]
    for word in line.split()
)
"""Words that leave open what a statement tells, if the question hasn't got them too."""
_USED_TO = re.compile(r"\bused to\b", re.IGNORECASE)
_PAST = frozenset(["was", "were", "wasn't", "weren't"])
_PAST_ASKED = _PAST | {"did", "didn't", "had", "has", "have", "hasn't", "haven't", "hadn't"}
_OPPOSED = tuple(
    frozenset(group.split())
    for group in [
        "without",
        "before after",
        "over under above below",
        "inside outside",
        "indoors outdoors",
        "more less fewer",
        "older younger",
    ]
)
"""Words that turn a statement into another one, though a question without them has the same telling words."""
_ONLY_THEN = re.compile(
    r"\bonly (?:with|on|in|at|when|after|before|during|under|from|for|by|between|where|upon|as)\b", re.IGNORECASE
)
_NOBODY = re.compile(
    r"(?:nobody|no one|no-one) (?:may|can|could|is|shall|will|must|has|needs|should|ever)\b", re.IGNORECASE
)
_NONE_OF = re.compile(r"(?:none of (?:the|our|these|those|its|their)|neither)\b", re.IGNORECASE)
_SPOKEN_TO = frozenset(["i", "we", "you", "they", "he", "she", "it", "one", "there"])
_RELATIVES = frozenset(["who", "which", "that", "whose"])
_EXCEPTION = re.compile(
    r"(?:however|but|exceptions?|the (?:only |one )?exceptions?|except|apart from|nevertheless|unless)\b", re.IGNORECASE
)
_IS_EXCEPTED = re.compile(
    r"\b(?:is|are) (?:an |the |the only |the one )?(?:exceptions?|excepted|exempt|exempted)\b"
    r"|\bdo(?:es)? not apply to\b|\bdo(?:es)?n['\u2019]t apply to\b",
    re.IGNORECASE,
)
_ASKS = ("?", "\uff1f", "\u061f")
_LABEL = re.compile(r"(?:q|question|a|answer) ?\d{0,3} ?[:)]\s", re.IGNORECASE)
_REPLY = re.compile(r"(?:yes|no|only|never|not)\b", re.IGNORECASE)
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
        "nobody",
        "none",
        "nothing",
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
        "longer",
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
    if is_question(statement) or _HEDGES.search(statement) or _left_open(question, statement):
        return None
    asked = _telling(question)
    if not asked:
        return None
    said = [stem(word) for word in words(statement)]
    above = [stem(word) for word in words(context)]
    known = [_held(word, said) for word in asked]
    missing = [word for word, held in zip(asked, known, strict=True) if not held and not _held(word, above)]
    if missing == asked[:1] and _NOBODY.match(statement) and _SPOKEN_TO.isdisjoint(words(question)[1:2]):
        missing = []  # what nobody may, none of those may who are asked about
    if missing:
        return _left_out(asked, statement, above)
    if not any(known) or _ONLY_THEN.search(statement):
        return None
    if (_OBLIGES.search(question) is None) != (_OBLIGES.search(statement) is None):
        return None
    denied = _denied(statement, asked)
    if denied is None:
        return None
    return denied == _asks_denied(question)


def is_question(sentence: str) -> bool:
    """Whether ``sentence`` asks, which says nothing."""
    return any(sign in sentence for sign in _ASKS)


def asks_same(question: str, other: str, context: str = "") -> bool:
    """Whether the question ``other`` of a document asks just what ``question`` does: what answers it answers both.

    Args:
        question: as asked.
        other: a question that stands in the document.
        context: headings and the document's name.
    """
    other = without_label(other)
    if _opposed(question, other) or _asks_denied(question) != _asks_denied(other):
        return False
    if (_OBLIGES.search(question) is None) != (_OBLIGES.search(other) is None):
        return False
    asked, theirs = _telling(question), _telling(other)
    above = [stem(word) for word in words(context)]
    if not any(_held(word, theirs) for word in asked):
        return False
    known = all(_meant(word, theirs) or _held(word, above) for word in asked)
    return known and all(_meant(word, asked) or _held(word, above) for word in theirs)


def without_label(sentence: str) -> str:
    """``sentence`` without the "Q:" or "A:" in front of it."""
    label = _LABEL.match(sentence)
    return sentence[label.end() :] if label else sentence


def is_reply(sentence: str) -> bool:
    """Whether ``sentence`` answers the question before it in its first word: "Yes", "No", "Only", "Never", "Not"."""
    return _REPLY.match(sentence) is not None


def is_exception(sentence: str) -> bool:
    """Whether ``sentence`` takes something out of what the one before it says."""
    return _EXCEPTION.match(sentence) is not None or _IS_EXCEPTED.search(sentence) is not None


def _left_open(question: str, statement: str) -> bool:
    """Whether ``statement`` tells of another time or case, or doesn't stand for what it tells."""
    asked, said = set(words(question)), set(words(statement))
    if not _DOUBTS.isdisjoint(said - asked):
        return True
    if _USED_TO.search(statement) and not _USED_TO.search(question):
        return True
    return bool(said & _PAST and not asked & _PAST_ASKED) or _opposed(question, statement)


def _opposed(question: str, other: str) -> bool:
    asked, said = set(words(question)), set(words(other))
    return any(group & asked != group & said for group in _OPPOSED)


def _meant(word: str, stems: Sequence[str]) -> bool:
    return _held(word, stems) or _held_by(stems, word)


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
    return any(word in ("not", "never", "no", "nobody", "none") for word in said[1:])


def _denied(statement: str, asked: Sequence[str]) -> bool | None:
    """Whether ``statement`` denies what is asked; None if it has a "not" that may belong to something else."""
    said = words(statement)
    stems = [stem(word) for word in said]
    if any(word in _REFUSED for word in stems):
        return None if _NEGATORS.intersection(said) else True
    denials = [at for at, word in enumerate(said) if word in _NEGATORS]
    if _NOBODY.match(statement):
        return True if len(denials) == 1 else None
    if _NONE_OF.match(statement):
        return True if all(said[at] == "nor" for at in denials[1:]) else None
    if not denials:
        return False
    if len(denials) > 1:
        return None
    if not _RELATIVES.isdisjoint(said[max(denials[0] - 3, 0) : denials[0]]):
        return None  # "boats that are not registered"
    following = next((at for at in range(denials[0] + 1, len(said)) if said[at] not in _BETWEEN), None)
    if following is None:
        return None
    belongs = stems[following] in _PREDICATES or _held(stems[following], asked) or _held_by(asked, stems[following])
    return True if belongs else None


def _held_by(asked: Sequence[str], word: str) -> bool:
    return any(len(one) >= _KIN and word.startswith(one) for one in asked)

"""How the words of one language show that an utterance belongs to what is around it.

Words are in lower case, with their accents, as ``vasi.language.terms.words`` gives them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

EMPTY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FollowUpWords:
    """What leans on the question before.

    Attributes:
        opening: what goes on from it: "and", "what about"; fits the beginning.
        asking: what is asked, or done, but not about what: "much", "long", "cost".
        questions: what a question begins with.
        prepositions: what takes the place of the same preposition before: "for dental" that of "for vision".
        pronouns: what stands for something that was spoken of.
        determiners: the same, unless a noun follows them.
        suffix: ends a word that has a pronoun in it.
        attached: a preposition that is written in one word with its noun; fits the beginning.
        impersonal: a pronoun that stands for nothing: "is there", "il faut"; searched.
        longest: words, in Japanese characters; a longer question stands on its own.
    """

    opening: re.Pattern[str]
    asking: frozenset[str]
    questions: frozenset[str]
    prepositions: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str] = EMPTY
    suffix: re.Pattern[str] | None = None
    attached: re.Pattern[str] | None = None
    impersonal: re.Pattern[str] | None = None
    longest: int = 10


@dataclass(frozen=True, slots=True)
class EndingWords:
    """What an utterance ends with that is finished, or isn't; for the patterns it is in lower case.

    Attributes:
        open: something follows: articles, conjunctions, prepositions, auxiliaries, fillers; searched.
        half_open: can be the end, but more often isn't; searched.
        questions: what a question begins with.
        whole: what is said alone.
        digits: as they are read out.
        shortest_question, shortest_statement: words.
        closed: nothing follows; searched. None: nothing tells.
    """

    open: re.Pattern[str]
    half_open: re.Pattern[str]
    questions: frozenset[str]
    whole: frozenset[str]
    digits: frozenset[str]
    shortest_question: int = 4
    shortest_statement: int = 3
    closed: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class TurnWords:
    """Both for one language."""

    following: FollowUpWords
    ending: EndingWords


def any_word(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


def last_word(words: str) -> re.Pattern[str]:
    """One of ``words`` at the end of a text, whatever marks follow it."""
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, words.split()))})[\W_]*\Z")


def opening(*, before: str, words: str, attached: str = "") -> re.Pattern[str]:
    """What goes on from the question before: words that may stand before it, and those that do it.

    All three are alternatives of a pattern; ``attached`` is in one word with what follows.
    """
    joined = rf"|(?:{attached})" if attached else ""
    return re.compile(
        rf"\A[\s¿¡]*(?:(?:{before})[\s,.!،、]+){{0,3}}[¿¡]?(?:(?:{words})(?!\w)[\s,،、]*{joined})", re.IGNORECASE
    )

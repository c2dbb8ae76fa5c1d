"""Questions that lean on the one before: "and for dental?", "wie viel kostet es", "et le dimanche ?".

What leans is said by the words of the question's language (``locales``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from vasi.language import japanese_followups
from vasi.language.detection import certain_language, detect, tells_language
from vasi.language.folded import fold_words
from vasi.language.locales import is_spoken, locale_of, turns_of
from vasi.language.locales.turns import FollowUpWords
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, words

_Kind: TypeAlias = Literal["day", "month", "year"]
_YEAR = re.compile(r"(?:19|20)\d\d")


def in_context(question: str, before: str, language: str | None = None) -> str:
    """``question`` with the topic words of ``before``, the question that it follows, where it leans on that.

    ``language`` is that of the conversation, for questions whose words don't tell theirs; None: not known.
    """
    if before:
        for one in _languages(question, before, language):
            if (resolved := _in_language(question, before, one)) != question:
                return resolved
    return question


def resolve(questions: Iterable[str], language: str | None = None) -> str:
    """The last of ``questions`` (oldest first) with what it takes from those before it; "" if there is none."""
    resolved = ""
    for question in questions:
        resolved = in_context(question, resolved, language)
    return resolved


def _languages(question: str, before: str, language: str | None) -> Sequence[Language]:
    """Those that ``question`` may be in; a few words are most likely in the language of the question before."""
    if (certain := certain_language(question)) is not None:
        return (certain,)
    told = [detect(text) for text in (before, question) if tells_language(text)]
    return told or [one for one in STOP_WORDS_OF if str(one) == language] or [detect(question)]


def _in_language(question: str, before: str, language: Language) -> str:
    turns = turns_of(language)
    if turns is None:
        return question
    if language == "ja":
        return japanese_followups.in_context(question, before, turns.following)
    return _in_context(question, before, language, turns.following)


def _in_context(question: str, before: str, language: Language, following: FollowUpWords) -> str:
    opening = following.opening.match(question)
    said = words(question)
    telling = [word for word in said if not _is_empty(word, language, following)]
    refers = len(telling) <= 1 and _refers(question, language, following)
    if len(said) > following.longest or not (opening or refers or not telling):
        return question
    rest = (question[opening.end() :] if opening else question).strip(" ?¿!¡.؟")
    asked = words(rest)
    kept = _without_slot(words(before), asked, language, following)
    if asked and not _asks(asked, following):  # what is asked is still the same
        return f"{' '.join(kept)} {rest}"
    new = {stem(word, language) for word in asked}
    topic = [
        word
        for word in kept
        if word not in STOP_WORDS_OF[language] and word not in following.asking and stem(word, language) not in new
    ]
    return f"{rest} {' '.join(dict.fromkeys(topic))}".strip()


def _is_empty(word: str, language: Language, following: FollowUpWords) -> bool:
    """Whether a word tells nothing of what a question is about."""
    return (
        word in STOP_WORDS_OF[language]
        or word in following.asking
        or word in following.pronouns
        or word in following.determiners
        or (following.suffix is not None and following.suffix.search(word) is not None)
    )


def _refers(question: str, language: Language, following: FollowUpWords) -> bool:
    """Whether a word of ``question`` stands for something that was spoken of."""
    plain = question.lower()
    if following.impersonal is not None:
        plain = following.impersonal.sub(" ", plain)
    said = words(plain)
    for at, word in enumerate(said):
        if word in following.pronouns or (following.suffix is not None and following.suffix.search(word)):
            return True
        if word in following.determiners and (at + 1 == len(said) or _is_empty(said[at + 1], language, following)):
            return True
    return False


def _asks(asked: Sequence[str], following: FollowUpWords) -> bool:
    """Whether something else is asked now: "and when", "and from when"."""
    first = next((word for word in asked if word not in following.prepositions), "")
    return asked[0] in following.questions or first in following.questions


# --- what is put in the place of what ---------------------------------------------------------------------------------
def _without_slot(before: list[str], rest: Sequence[str], language: Language, following: FollowUpWords) -> list[str]:
    """``before`` without what ``rest`` puts in its place: "for vision" makes room for "for dental", May for June."""
    prepositions = [_preposition(word, following) for word in before]
    at = next((at for at, word in enumerate(rest) if _preposition(word, following)), None)
    slot = None if at is None or at > 1 else _preposition(rest[at], following)
    if slot is not None and slot in prepositions:
        start = len(before) - 1 - prepositions[::-1].index(slot)
        end = next((at for at in range(start + 1, len(before)) if prepositions[at]), min(len(before), start + 4))
        before = before[:start] + before[end:]
    kinds = {_kind(word, language) for word in rest} - {None}
    return [word for word in before if _kind(word, language) not in kinds]


def _preposition(word: str, following: FollowUpWords) -> str | None:
    """The preposition that ``word`` is, or begins with."""
    if word in following.prepositions:
        return word
    found = following.attached.match(word) if following.attached is not None else None
    return None if found is None else found[0]


def _kind(word: str, language: Language) -> _Kind | None:
    if _YEAR.fullmatch(word):
        return "year"
    if not is_spoken(language):
        return None
    dates = locale_of(language).dates
    folded = fold_words(word)
    for one in (folded, folded.removesuffix("s")):
        if one in dates.days or one in dates.near:
            return "day"
        if one in dates.months:
            return "month"
    return None

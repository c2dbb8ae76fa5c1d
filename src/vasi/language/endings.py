"""Whether words can be the end of what somebody wanted to say.

It takes recognised speech: no punctuation, no capitals, numbers as words, and perhaps a wrong word here and there. What
an utterance ends with is that of its language (``locales``), as far as the words tell it.
"""

from __future__ import annotations

import unicodedata

from vasi.language.detection import detect
from vasi.language.grammar import understand
from vasi.language.intents import AskClock, ChangeNote, DeleteNote, FindNotes, ListNotes, Repeat, SmallTalk
from vasi.language.locales import turns_of
from vasi.language.locales.turns import EndingWords
from vasi.language.terms import words

UNKNOWN = 0.5
"""Nothing can be told from the words."""

_COMMAND = (FindNotes, ListNotes, ChangeNote, DeleteNote, AskClock, SmallTalk, Repeat)
"""What is complete as soon as it's understood. A note to take isn't: more of it may come."""
_WHOLE_NUMBER = 7
"""Digits of the shortest telephone number that's read out whole."""
_GOES_ON = ("...", ",", "-", "–", "—", "、", "،")
_STOPS = ("?", "!", ".", "。", "؟")


def completeness(text: str) -> float:
    """How probable it is (0 to 1) that whoever said ``text`` has finished; ``UNKNOWN`` where there are no words."""
    said = words(text)
    if not said:
        return UNKNOWN
    plain = unicodedata.normalize("NFKC", text.replace("’", "'")).strip().lower()
    if plain.endswith(_GOES_ON):
        return 0.05
    turns = turns_of(detect(text))
    ending = turns.ending if turns is not None else None
    if ending is not None and _is_open(plain, said, ending):
        return 0.05
    if _reads_digits(said, ending):
        return 0.2
    if plain.endswith(_STOPS):
        return 0.85
    return UNKNOWN if ending is None else _by_words(text, plain, said, ending)


def _is_open(plain: str, said: list[str], ending: EndingWords) -> bool:
    if ending.closed is not None and ending.closed.search(plain):
        return False
    return ending.open.search(plain) is not None and not (len(said) == 1 and said[0] in ending.whole)


def _by_words(text: str, plain: str, said: list[str], ending: EndingWords) -> float:
    if ending.closed is not None and ending.closed.search(plain):
        return 0.8
    asks = said[0] in ending.questions
    whole = len(said) >= (ending.shortest_question if asks else ending.shortest_statement)
    if (len(said) == 1 and said[0] in ending.whole) or isinstance(understand(text), _COMMAND):
        return 0.8
    if ending.half_open.search(plain):
        return 0.45 if asks and whole else 0.2
    return 0.35 if not whole else 0.7 if asks else 0.6


def _reads_digits(said: list[str], ending: EndingWords | None) -> bool:
    """In the middle of a number that is read digit by digit: two to six of them so far."""
    run = 0
    for word in reversed(said):
        if ending is not None and word in ending.digits:
            run += 1
        elif word.isdecimal():
            run += len(word)
        else:
            break
    return 2 <= run < _WHOLE_NUMBER

"""Whether words can be the end of what somebody wanted to say.

It takes recognised speech: no punctuation, no capitals, numbers as words, and perhaps a wrong word here and there.
"""

from __future__ import annotations

from vasi.language.grammar import understand
from vasi.language.intents import AskClock, ChangeNote, DeleteNote, FindNotes, ListNotes, Repeat, SmallTalk
from vasi.language.terms import words

UNKNOWN = 0.5
"""Nothing can be told from the words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPEN = _words("""
    a an the my your his their our every each and or but because if although though unless until while whereas than
    whether nor of from into onto with without between among toward towards during per via upon versus against beside
    to at for as by that which who whose is are was were am be been being i'm i'd i'll i've you're we're they're can
    could would should will shall must might may do does did um uh er erm uhm hmm mm like well so actually basically
""")
"""Articles, conjunctions, prepositions, auxiliaries and fillers: something follows."""
_HALF_OPEN = _words("""
    in on about over under after before through then when where why how i you he she we they there very some any no
    not also just more most other another
""")
"""They can end an utterance ("which form is it on", "what about you"), but more often don't."""
_SHORTEST_QUESTION = 4
_SHORTEST_STATEMENT = 3
_COMMAND = (FindNotes, ListNotes, ChangeNote, DeleteNote, AskClock, SmallTalk, Repeat)
"""What is complete as soon as it's understood. A note to take isn't: more of it may come."""
_QUESTION = _words("what when where who whose whom which why how is are was were do does did can could would")
_WHOLE = _words("""
    yes yeah yep no nope okay ok stop thanks sure right correct exactly hello hi hey goodbye bye please cancel
    continue repeat again help next wait never maybe great good fine
""")
"""What is said alone."""
_DIGITS = _words("zero oh one two three four five six seven eight nine double triple")
_WHOLE_NUMBER = 7
"""Digits of the shortest telephone number that's read out whole."""


def completeness(text: str) -> float:
    """How probable it is (0 to 1) that whoever said ``text`` has finished; ``UNKNOWN`` where there are no words."""
    said = words(text)
    if not said:
        return UNKNOWN
    last = said[-1]
    if text.rstrip().endswith(("...", "…", ",", "-", "–", "—")) or last in _OPEN:
        return 0.05
    if _reads_digits(said):
        return 0.2
    if text.rstrip().endswith(("?", "!", ".")):
        return 0.85
    asks = said[0] in _QUESTION
    whole = len(said) >= (_SHORTEST_QUESTION if asks else _SHORTEST_STATEMENT)
    if (last in _WHOLE and len(said) == 1) or isinstance(understand(text), _COMMAND):
        return 0.8
    if last in _HALF_OPEN:
        return 0.45 if asks and whole else 0.2
    return 0.35 if not whole else 0.7 if asks else 0.6


def _reads_digits(said: list[str]) -> bool:
    """In the middle of a number that is read digit by digit: two to six of them so far."""
    run = 0
    for word in reversed(said):
        if word in _DIGITS:
            run += 1
        elif word.isdecimal():
            run += len(word)
        else:
            break
    return 2 <= run < _WHOLE_NUMBER

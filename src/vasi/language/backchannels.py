"""Whether somebody who speaks while somebody else does wants to be heard, or only shows that they listen."""

from __future__ import annotations

from vasi.language.terms import words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SOUNDS = _words("""
    uh um er erm hm hmm mm mhm mmm huh ah aha oh ooh ha haha
    the a an and or but of to in on at as by for i it is that them him her
""")
"""With what recognisers write for a sound, a cough or a breath."""
_BACKCHANNELS = _SOUNDS | _words("wow yeah yep yup yes ok okay right sure really nice good great cool see")


def interrupts(text: str) -> bool:
    """``text`` holds a word that takes the floor."""
    return any(word not in _BACKCHANNELS for word in words(text))


def says_nothing(text: str) -> bool:
    """``text`` has words, and together they could be no answer, let alone a question or a command."""
    found = words(text)
    return bool(found) and all(word in _SOUNDS for word in found)


def only_listens(text: str) -> bool:
    """``text`` has words, and none of them takes the floor."""
    return bool(words(text)) and not interrupts(text)

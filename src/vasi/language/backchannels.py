"""Whether somebody who speaks while somebody else does wants to be heard, or only shows that they listen."""

from __future__ import annotations

from vasi.language.terms import words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BACKCHANNELS = _words("""
    uh um er erm hm hmm mm mhm mmm huh ah aha oh ooh wow ha haha yeah yep yup yes ok okay right sure really nice good
    great cool i see the a an and it is that
""")
"""With what recognisers write for a cough or a breath."""


def interrupts(text: str) -> bool:
    """``text`` holds a word that takes the floor."""
    return any(word not in _BACKCHANNELS for word in words(text))


def only_listens(text: str) -> bool:
    """``text`` has words, and none of them takes the floor."""
    return bool(words(text)) and not interrupts(text)

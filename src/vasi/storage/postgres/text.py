"""Text that PostgreSQL takes: it has no place for the character NUL, and none for lone surrogates."""

from __future__ import annotations

import hashlib

_MARK = "\U0010ffff"
"""A noncharacter, which Unicode keeps out of texts."""
_KEY = 500
"""Characters of a term: more than any word has, and fewer than an entry of an index may."""


def storable(text: str) -> str:
    """``text`` as it is kept: the same but for NUL, and for what stands for it."""
    if "\0" in text or _MARK in text:
        return text.replace(_MARK, _MARK + "1").replace("\0", _MARK + "0")
    return text


def restored(text: str) -> str:
    """What was made ``storable``."""
    return text.replace(_MARK + "0", "\0").replace(_MARK + "1", _MARK) if _MARK in text else text


def term_key(term: str) -> str:
    """What stands in the index for ``term``: itself, or a digest with its beginning if it's longer than any word."""
    if len(term) <= _KEY:
        return term
    return f"{term[:40]}~{hashlib.sha256(term.encode('utf-8', 'surrogatepass')).hexdigest()}"

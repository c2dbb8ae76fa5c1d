"""Terms as tokens of the FTS5 table, and how the terms of a passage are kept beside it.

A token is a term behind its owner's number and the letter of its field: ``7wcopay`` is the word "copay" of owner 7,
``7skope`` a sound. The field's letter ends the number, so that owner 7 and owner 70 share no list. A term that stands
in a passage several times has a second token there that tells how often: ``7wcopay!3``. "!" sorts before everything
that a term may hold, so that one range of the index has a term with its counts, and nothing else.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vasi.storage.ports import NewPassage
from vasi.storage.terms import Analyser, Field, Terms

_LETTERS: dict[Field, str] = {"words": "w", "sounds": "s"}
_ESCAPED = re.compile(r"[\x00-\x2d\x2f:-`{-\x7f]")
"""ASCII that isn't a lower-case letter, a digit or a dot: the tokenizer would split there."""
COUNT = "!"
AFTER_COUNT = '"'
"""What sorts behind all that goes on with ``COUNT``."""


def token(owner_id: int, field: Field, term: str) -> str:
    """The token that stands for ``term``."""
    return f"{owner_id}{_LETTERS[field]}{_escaped(term)}"


def count_in(token: str) -> int:
    """How often the term stands, of a token with ``COUNT`` in it."""
    return int(token.rpartition(COUNT)[2])


def _escaped(term: str) -> str:
    return _ESCAPED.sub(lambda match: f"%{ord(match[0]):02x}", term)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage, and what is written into the index of it.

    Attributes:
        passage: itself.
        tokens: of all its terms, without the owner.
        packed: the same in little space, kept to take them out of the index again.
        words: its terms of the field "words", repeated ones included.
        sounds: those of the field "sounds".
    """

    passage: NewPassage
    tokens: tuple[str, ...]
    packed: bytes
    words: int
    sounds: int


def indexed(passage: NewPassage, analyser: Analyser) -> Indexed:
    """``passage`` with its terms."""
    terms = analyser.terms(passage.heading, passage.text)
    tokens = tuple(_bare_tokens(terms))
    return Indexed(passage, tokens, pack(tokens), sum(terms.words.values()), sum(terms.sounds.values()))


def _bare_tokens(terms: Terms) -> Iterator[str]:
    for letter, counted in ((_LETTERS["words"], terms.words), (_LETTERS["sounds"], terms.sounds)):
        plain = _ESCAPED.search("".join(counted)) is None  # nearly always, and quicker to ask once
        bare = {letter + (term if plain else _escaped(term)): count for term, count in counted.items()}
        yield from bare
        yield from (f"{each}{COUNT}{count}" for each, count in bare.items() if count > 1)


def pack(tokens: Iterable[str]) -> bytes:
    """``tokens`` without owner, in little space."""
    return zlib.compress(" ".join(tokens).encode(), 9)


def unpacked(owner_id: int, packed: bytes) -> str:
    """The tokens, of this owner, with a space between. Known to SQL as ``unpacked``."""
    return owned(owner_id, zlib.decompress(packed).decode().split())


def owned(owner_id: int, tokens: Iterable[str]) -> str:
    """``tokens``, of this owner, with a space between: what the FTS5 table is given."""
    return " ".join([f"{owner_id}{each}" for each in tokens])


def terms_in(tokens: str, first: str) -> list[str]:
    """The terms of tokens with a space between, all of which begin with ``first``; those with counts are left out."""
    terms = [each.removeprefix(first) for each in tokens.split() if COUNT not in each]
    return [_unescaped(term) for term in terms] if "%" in tokens else terms


_ESCAPE = re.compile(r"%([0-9a-f]{2})")


def _unescaped(term: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), term)

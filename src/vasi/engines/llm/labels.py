"""Labels in front of values: of fields, of rows, and of lines like "Order number 12345"."""

from __future__ import annotations

from vasi.engines.llm.evidence import Asked
from vasi.language.rows import cells, is_row
from vasi.language.stop_words import STOP_WORDS_OF
from vasi.language.structure import field
from vasi.language.terms import stem, words

_LINE_WORDS = 10
"""Of a line that is a label and its value."""


def label_of(text: str, asked: Asked) -> str:
    """What stands in front of the value in ``text``; "" if it has no label.

    A line without a mark between them has the words that are asked for as its label.
    """
    if is_row(text):
        return cells(text)[0][1]
    if (found := field(text)) is not None:
        return found.label
    said = words(text)
    if not 1 < len(said) <= _LINE_WORDS or text.rstrip().endswith((".", "?", "!", ":")):
        return ""
    stop_words = STOP_WORDS_OF[asked.language]
    length = 0
    for at, word in enumerate(said):
        if stem(word, asked.language) in asked.stems:
            length = at + 1
        elif word not in stop_words:
            break
    return " ".join(said[:length]) if length < len(said) else ""


def label_share(label: str, asked: Asked) -> float:
    """How much of ``label`` is asked for, longer ones first."""
    stems = asked.stems_of(label) - {stem(word, asked.language) for word in STOP_WORDS_OF[asked.language]}
    held = len(stems.intersection(asked.stems))
    return held * held / len(stems) if stems else 0.0

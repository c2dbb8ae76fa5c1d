"""Written text made fit to be spoken: no markup, no table bars, no file extensions, not too long."""

from __future__ import annotations

import re

from vasi.language.markup import MarkupFilter
from vasi.language.terms import content_words, stem, words

_LONGEST = 45
"""Words of a sentence that is spoken whole."""
_TIDY = (
    (re.compile(r"\s+"), " "),
    (re.compile(r" (?=[,;:])"), ""),
    (re.compile(r" (?=[.!?](?:\s|$))"), ""),
    (re.compile(r"[,;:]{2,}+"), ","),
)
_CLAUSE_END = re.compile(r"(?<=[;:,–—])\s+")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")


def speakable(text: str, question: str = "") -> str:
    """``text`` as it would be read aloud, ended as a sentence; "" if nothing is left.

    Of a sentence that is longer than 45 words only the clauses around those are kept that speak of ``question``.
    """
    markup = MarkupFilter(numbers=False)
    text = markup.feed(text).text + markup.flush().text
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    text = text.strip(" ,;|")
    if not any(character.isalnum() for character in text):
        return ""
    if len(text.split()) > _LONGEST:
        text = _relevant(text, question)
    text = text.rstrip(" ,;:–—-")
    return text if text.endswith((*_ENDS, *(f'{end}"' for end in _ENDS), ".”", ".)")) else f"{text}."


def spoken_name(document: str) -> str:
    """A file's name as people say it: ``employee-handbook_2024.pdf`` is "employee handbook 2024".

    With the folders that tell it from others: ``minutes/report.pdf`` is "report in minutes".
    """
    *folders, file = document.split("/")
    named = [re.sub(r"[-_()\s]+", " ", part).strip() for part in (_EXTENSION.sub("", file), " ".join(folders))]
    return " in ".join(part for part in named if part) or document


def _relevant(text: str, question: str) -> str:
    """The run of clauses, up to the limit, that holds most of the question's words; numbers break ties."""
    clauses = _CLAUSE_END.split(text)
    asked = {stem(word) for word in content_words(question)}
    lengths = [len(clause.split()) for clause in clauses]
    worth = [
        len(asked & {stem(word) for word in words(clause)}) + 0.5 * any(c.isdigit() for c in clause)
        for clause in clauses
    ]
    best, kept = (-1.0, 0), slice(0, 1)
    for start in range(len(clauses)):
        end, length = start, 0
        while end < len(clauses) and (end == start or length + lengths[end] <= _LONGEST):
            length += lengths[end]
            end += 1
        if (found := (sum(worth[start:end]), -start)) > best:
            best, kept = found, slice(start, end)
    chosen = " ".join(clauses[kept])
    return " ".join(chosen.split()[:_LONGEST])

"""Sentences of documents as they are quoted: on one line, not too long to listen to, as they stand otherwise."""

from __future__ import annotations

import re

from vasi.language.terms import content_words, stem, words

_LONGEST = 45
"""Words of a sentence that is quoted whole."""
_CLAUSE_END = re.compile(r"(?<=[;:,–—])\s+")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
_BULLET = re.compile(r"[-*•‣▪◦–·●○■□➢❖] ")
_NO_SPACES = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]\Z")


def speakable(text: str, question: str = "") -> str:
    """``text`` on one line, ended as a sentence; "" if nothing in it can be said.

    Of a sentence that is longer than 45 words only the clauses around those are kept that speak of ``question``.
    """
    text = " ".join(text.split()).strip(" ,;|")
    if _BULLET.match(text):
        text = text[2:]
    if not any(character.isalnum() for character in text):
        return ""
    if len(text.split()) > _LONGEST:
        text = _relevant(text, question)
    text = text.rstrip(" ,;:–—-")
    if text.endswith((*_ENDS, *(f'{end}"' for end in _ENDS), ".”", ".)")):
        return text
    return f"{text}{'。' if _NO_SPACES.search(text) else '.'}"


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

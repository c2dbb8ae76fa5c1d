"""Abbreviations, Roman numerals, words in capitals, and single signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vasi.language.spoken.spoken_text import Change
from vasi.language.spoken.table import SpokenLanguage

_SHORT = re.compile(r"(?<![\w.&@/])(?:c\.-à-d\.|n\.?[º°]|[^\W\d_]{1,12}\.)(?:[ \u00a0]?[^\W\d_]{1,4}\.){0,2}")
_BARE = re.compile(r"(?<![\w.&@/'’-])[^\W\d_]{1,6}(?:/[a-z]{0,2})?(?![\w.@'’])")
_ROMAN = re.compile(
    r"\b(?P<before>[^\W\d_]{3,14})[ \u00a0](?P<numeral>[IVXLC]{1,7})(?![\w-]|\.\w)(?P<ordinal>\.(?=\s[^\W\d_]))?"
)
_CENTURY = re.compile(r"\b(?P<numeral>[IVX]{1,5})(?P<ending>e|er|è?me|\.)(?=[ \u00a0](?:siècle|s\.|Jh|Jahrhundert))")
_CAPITALS = re.compile(r"(?<![\w'’&./-])[A-Z]{2,5}(?=s?(?![\w'’&/]|\.\w))")
_SIGNS = re.compile(r"[&+=<>≈≤≥≠×÷±→←↔⇒§¶@°√∞π%‰|/~^#†•·©®™€£$¥]")
_SPACED_SLASH = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])")
_NUMBER_NEXT = re.compile(r"[ \u00a0]?(?:\d|[IVXLC]+\b|[A-Z]\b|[A-Z]?\d)")
_NAME_NEXT = re.compile(r"[ \u00a0][A-ZÀ-Þ]")
_SENTENCE_NEXT = re.compile(r"[\"'”’)\]]*(?:\s+[\"'“‘(]*[^\W\d_a-zà-ÿ]|\s*$)")
_ROMAN_FORM = re.compile(r"(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_SQUEEZE = re.compile(r"[ \u00a0]")


def abbreviations(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """What is short for a word, with its full stop; and some that have none."""
    at = 0
    while match := _SHORT.search(text, at):
        at = _first_end(match)
        for end in _ends(match):
            said = _meant(text, match.start(), end, language)
            if said is not None:
                # The full stop is the sentence's as well.
                stop = "." if not said.endswith(" ") and _SENTENCE_NEXT.match(text, end) else ""
                gap = " " if text[end : end + 1].isalnum() else ""
                yield match.start(), end, said.rstrip() + stop + gap
                at = end
                break
    for match in _BARE.finditer(text):
        said = language.abbreviations.get(f"{match.group()} ")
        if said is None and _NUMBER_NEXT.match(text, match.end()):
            said = language.numbered.get(f"{match.group()} ")
        if said is not None:
            yield (*match.span(), said.rstrip())


def _meant(text: str, start: int, end: int, language: SpokenLanguage) -> str | None:
    written = _SQUEEZE.sub("", text[start:end]).lower()
    if written in language.after_names and not _NAME_NEXT.match(text, end):
        return language.after_names[written]
    said = language.abbreviations.get(written)
    return language.numbered.get(written) if said is None and _NUMBER_NEXT.match(text, end) else said


def _first_end(match: re.Match[str]) -> int:
    return min(_ends(match))


def _ends(match: re.Match[str]) -> list[int]:
    """Where an abbreviation may end: the longest first."""
    text, start = match.string, match.start()
    return [end for end in range(match.end(), start, -1) if text[end - 1] in ".º°"]


def roman_numerals(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Numbers of chapters, kings and centuries."""
    for match in _CENTURY.finditer(text):
        if number := roman(match["numeral"]):
            yield (*match.span(), language.ordinal(number))
    for match in _ROMAN.finditer(text):
        number = roman(match["numeral"])
        before = match["before"].lower()
        if number is not None and before in language.parts:
            yield (*match.span("numeral"), str(number))
        elif number is not None and before in language.rulers:
            dotted = match["ordinal"] and language.code == "de"
            yield match.start("numeral"), match.end("ordinal" if dotted else "numeral"), language.regnal(number)


def roman(numeral: str) -> int | None:
    """The number that is written so; None if none is."""
    if not _ROMAN_FORM.fullmatch(numeral):
        return None
    values = [_VALUES[letter] for letter in numeral]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def capitals(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Words in capitals that are said letter by letter, where the others around them aren't in capitals too."""
    if text.isupper() and len(text) > 8:
        return
    for match in _CAPITALS.finditer(text):
        word = match.group()
        if word in language.spelled or (language.spells_capitals and len(word) <= 3):
            yield (*match.span(), " ".join(word))


def signs(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Single characters that have a name; a slash between words is a short pause."""
    for match in _SPACED_SLASH.finditer(text):
        yield (*match.span(), " ")
    for match in _SIGNS.finditer(text):
        name = language.signs.get(match.group())
        if name is not None:
            before = "" if text[match.start() - 1 : match.start()] in ("", " ") else " "
            after = "" if text[match.end() : match.end() + 1] in ("", " ") else " "
            yield (*match.span(), f"{before}{name}{after}" if name else " ")

"""What a language is asked for, to say what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def words(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Currency:
    """How an amount of money is counted: one, many, and the hundredths of it."""

    one: str
    many: str
    cent: str = ""
    cents: str = ""


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """How a language says what is written.

    Attributes:
        code: ISO 639-1.
        decimal: the mark before decimals, "." or ",".
        months: twelve names, as they stand in a date.
        month_names: further spellings, in small letters: the number of the month.
        date: a day, a month's name and a year (0 if none), and the word before it, as one says them.
        clock: hours, minutes and "am", "pm" or "".
        year: a year from 1100 to 2099, as text that a synthesiser reads rightly.
        currencies: by sign or code.
        cents: what joins an amount and its hundredths.
        scales: "million" and the like, by how they are abbreviated, in small letters.
        units: one and many, by how they are abbreviated.
        signs: what a single character is called.
        words: "dot", "at", "slash", "backslash", "dash", "underscore", "version", "point", "to", "minus",
            "plus", "number", "times", "and", "power" and the like.
        abbreviations: what they are short for, in small letters and without spaces; a text that ends in " " stands
            before a name or a number and never ends a sentence.
        after_names: what some of them are short for behind a name: "Main St."
        numbered: the same, only in front of a number.
        spelled: words in capitals that are said letter by letter, though they look like words.
        spells_capitals: whether up to three capitals are said letter by letter.
        parts: what is numbered in Roman numerals, in small letters.
        rulers: names after which a Roman numeral is an ordinal.
        regnal: the same number in the name of a king.
        ordinal: 2 as "second", or as text that a synthesiser reads so.
        fractions: what "1/2" and "½" are called.
        day_first: whether 3/4 is the third of April; None if one can't know.
    """

    code: str
    decimal: str
    months: tuple[str, ...]
    date: Callable[[int, str, int, str], str]
    clock: Callable[[int, int, str], str]
    words: Mapping[str, str]
    month_names: Mapping[str, int] = field(default_factory=dict[str, int])
    year: Callable[[int], str] = str
    currencies: Mapping[str, Currency] = field(default_factory=dict[str, Currency])
    cents: str = " "
    scales: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    signs: Mapping[str, str] = field(default_factory=dict[str, str])
    abbreviations: Mapping[str, str] = field(default_factory=dict[str, str])
    after_names: Mapping[str, str] = field(default_factory=dict[str, str])
    numbered: Mapping[str, str] = field(default_factory=dict[str, str])
    spelled: frozenset[str] = frozenset()
    spells_capitals: bool = False
    parts: frozenset[str] = frozenset()
    rulers: frozenset[str] = frozenset()
    regnal: Callable[[int], str] = str
    ordinal: Callable[[int], str] = str
    fractions: Mapping[str, str] = field(default_factory=dict[str, str])
    day_first: bool | None = True

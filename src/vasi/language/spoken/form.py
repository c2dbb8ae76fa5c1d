"""The way from what is written to what is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from vasi.language.spoken import amounts, calendar, names, short_forms
from vasi.language.spoken.arabic import ARABIC
from vasi.language.spoken.english import ENGLISH
from vasi.language.spoken.french import FRENCH
from vasi.language.spoken.german import GERMAN
from vasi.language.spoken.japanese import JAPANESE
from vasi.language.spoken.portuguese import PORTUGUESE
from vasi.language.spoken.spanish import SPANISH
from vasi.language.spoken.spoken_text import Change, SpokenText
from vasi.language.spoken.table import SpokenLanguage

LANGUAGES: Final = {
    language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE, ARABIC)
}

_Rule: TypeAlias = Callable[[str, SpokenLanguage], Iterator[Change]]
_RULES: Final[tuple[_Rule, ...]] = (
    names.addresses,
    names.files,
    calendar.dates,
    names.code,
    names.versions,
    calendar.times,
    amounts.money,
    amounts.phones,
    calendar.years,
    amounts.ranges,
    amounts.units,
    amounts.arithmetic,
    amounts.grouped,
    short_forms.abbreviations,
    short_forms.roman_numerals,
    short_forms.capitals,
    short_forms.signs,
)
"""In this order: what one says, the next doesn't see as it was written."""


def spoken_form(text: str, language: str) -> SpokenText:
    """``text`` as one says it in ``language`` (ISO 639-1); as it stands in a language that isn't known."""
    spoken = SpokenText.written(text)
    table = LANGUAGES.get(language)
    if table is None or text.isalpha():
        return spoken
    for rule in _RULES:
        spoken = spoken.change(rule(spoken.text, table))
    return spoken

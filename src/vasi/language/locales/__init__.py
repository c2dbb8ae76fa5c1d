"""How people speak to vasi, and how it answers, language by language: each is a module of data.

A language is added by a module here with a ``LOCALE``, one beside it with ``TURNS``, and its line in ``MODULES``. They
are loaded when they're first needed; ``load_all`` does it ahead.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from vasi.language.locales.locale import Locale
    from vasi.language.locales.turns import TurnWords

MODULES = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "ja": "japanese",
    "ar": "arabic",
}
"""By ISO 639-1 code."""


def is_spoken(language: str | None) -> bool:
    """Whether there is a locale of ``language``."""
    return language in MODULES


@cache
def locale_of(language: str | None) -> Locale:
    """The locale of ``language``, or English where there is none."""
    module = MODULES.get(language or "", MODULES["en"])
    return cast("Locale", import_module(f"vasi.language.locales.{module}").LOCALE)


@cache
def turns_of(language: str) -> TurnWords | None:
    """The words of ``language`` that tie an utterance to what is around it; None where there is no locale."""
    module = MODULES.get(language)
    if module is None:
        return None
    return cast("TurnWords", import_module(f"vasi.language.locales.{module}_turns").TURNS)


def load_all() -> None:
    """Have all of them at hand: about a quarter of a second."""
    for language in MODULES:
        locale_of(language)
        turns_of(language)

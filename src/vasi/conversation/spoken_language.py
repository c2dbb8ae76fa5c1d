"""The language of a conversation: what the client says, else what is heard or written, else the setting."""

from __future__ import annotations

from msgspec import UNSET

from vasi.language.detection import certain_language
from vasi.language.words_found import word_count
from vasi.protocol.session import AnySession

WORDS_OF_A_SENTENCE = 3
"""Fewer words ("ok", a name) don't change the language."""


def base_language(code: str) -> str | None:
    """The ISO 639-1 code in "de", "de-DE" or "DE"; None if there is none."""
    base = code.replace("_", "-").partition("-")[0].strip().lower()
    return base if len(base) == 2 and base.isalpha() else None


def given_language(session: AnySession) -> str | None:
    """The language that the client says it speaks; None: it says none, or several."""
    transcription = session.audio.input.transcription
    if transcription is None:
        return None
    if transcription.language is not UNSET and transcription.language:
        return base_language(transcription.language)
    languages = [] if transcription.languages is UNSET else transcription.languages
    return base_language(languages[0]) if len(languages) == 1 else None


def language_after(before: str | None, text: str, heard: str | None = None) -> str | None:
    """The language after the user said ``text``: another one only for a whole sentence in it.

    Args:
        before: the language so far; None: not known.
        text: what was said or written.
        heard: the language that a recogniser heard, if it tells them apart.
    """
    whole = word_count(text) >= WORDS_OF_A_SENTENCE
    if heard is not None and (whole or before is None) and text.strip():
        return heard
    found = certain_language(text)
    return found if found is not None and (whole or before is None) else before


def clause_language(clause: str, before: str | None) -> str | None:
    """The language that ``clause`` is written in; where it doesn't tell, the one of what was written ``before``."""
    found = certain_language(clause)
    return found if found is not None and (before is None or word_count(clause) >= WORDS_OF_A_SENTENCE) else before

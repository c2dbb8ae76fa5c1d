"""What of a model's text was said: it writes something even about silence and music, and likes to repeat itself."""

from __future__ import annotations

import re
from functools import cache

_SPEECHLESS = 0.6
"""From this probability that nobody speaks on, a text must be likely to be believed."""
_LIKELY = -0.8
"""Mean log probability of a token. What a model makes of noise has -1.2 and less, what is said rarely has -0.8."""
_DOUBTFUL = 0.3
_UNLIKELY = -1.7
_SOUND = re.compile(r"\[[^\]]{0,99}\]|\([^)]{0,99}\)|\*[^*]{0,99}\*|[♪♫]")
"""How subtitles describe what isn't speech: "[Music]", "(laughs)", "*sighs*"."""
_SPACES = re.compile(r"\s+")
_LEAST_PHRASE = 3


def said(text: str, no_speech: float, likelihood: float) -> str:
    """``text`` without what nobody said; "" if that is all of it.

    Args:
        text: as the model wrote it.
        no_speech: the model's probability (0 to 1) that nobody speaks.
        likelihood: mean log probability of its tokens.
    """
    if (no_speech > _SPEECHLESS and likelihood < _LIKELY) or (no_speech > _DOUBTFUL and likelihood < _UNLIKELY):
        return ""
    text = _SPACES.sub(" ", _SOUND.sub(" ", text)).strip()
    if not any(map(str.isalnum, text)):
        return ""
    text = without_repetition(text)
    return text[:1].upper() + text[1:]


def without_repetition(text: str) -> str:
    """``text`` with any phrase of three words or more that is followed by itself said once.

    At the end of the text the beginning of the phrase is enough: the model was stopped in the middle of it.
    """
    words = text.split(" ")
    bare = [re.sub(r"\W", "", word).casefold() for word in words]
    start = 0
    while start < len(words):
        length = _repeated(bare, start)
        if length:
            if start + 2 * length <= len(words):
                words[start + length - 1] = words[start + 2 * length - 1]  # with the mark that belongs to what follows
            del words[start + length : start + 2 * length], bare[start + length : start + 2 * length]
        else:
            start += 1
    return " ".join(words)


def _repeated(words: list[str], start: int) -> int:
    """How many words from ``start`` on are followed by themselves; 0 if none are."""
    for length in range(_LEAST_PHRASE, len(words) - start - _LEAST_PHRASE + 1):
        again = words[start + length : start + 2 * length]  # at the end maybe less
        if words[start : start + len(again)] == again:
            # A number may well hold the same digit six times.
            return length if len(set(words[start : start + length])) > 1 else 0
    return 0


def from_tokens(tokens: list[str]) -> str:
    """The text of byte-level BPE tokens; what isn't whole in UTF-8 is replaced by U+FFFD."""
    table = _bytes_of_characters()
    whole = "".join(token for token in tokens if not (token.startswith("<|") and token.endswith("|>")))
    return bytes(table[character] for character in whole if character in table).decode(errors="replace")


@cache
def _bytes_of_characters() -> dict[str, int]:
    """The alphabet in which GPT-2's vocabulary spells bytes: printable ones as they are, the others from U+0100 on."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(0x100) if byte not in shown]
    return {chr(byte): byte for byte in shown} | {chr(0x100 + place): byte for place, byte in enumerate(hidden)}

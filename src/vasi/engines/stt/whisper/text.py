"""What of a model's text was said: it writes something even about silence and music, and likes to repeat itself."""

from __future__ import annotations

import re
from functools import cache

from vasi.language.number_words import ENGLISH, NUMBER_WORDS

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
_OFTEN = 5
"""Nobody says a word or two so often in a row, but for digits."""
_NUMBERS = frozenset(word for words in (ENGLISH, *NUMBER_WORDS.values()) for word in words) | frozenset(
    ("zero", "oh", "one", "null", "eins", "zéro", "un", "cero", "uno", "um")
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Characters of languages that put no spaces between words."""
_LONGEST_SYLLABLES, _LEAST_UNSPACED = 5, 6
"""Characters of what is repeated often, and of what is repeated at all, in such a language."""


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
    """``text`` with any phrase of three words or more that is followed by itself, or of one or two words that is said
    five times in a row, said once.

    At the end of the text the beginning of the phrase is enough: the model was stopped in the middle of it.
    """
    if _UNSPACED.search(text):
        return "".join(_once(_without_loops(list(text), _LONGEST_SYLLABLES), _LEAST_UNSPACED))
    return " ".join(_once(_without_loops(text.split(" "), _LEAST_PHRASE - 1), _LEAST_PHRASE))


def _once(words: list[str], least: int) -> list[str]:
    """``words`` with any phrase of ``least`` or more that is followed by itself said once."""
    bare = _bare(words)
    start = 0
    while start < len(words):
        length = _repeated(bare, start, least)
        if length:
            if start + 2 * length <= len(words):
                words[start + length - 1] = words[start + 2 * length - 1]  # with the mark that belongs to what follows
            del words[start + length : start + 2 * length], bare[start + length : start + 2 * length]
        else:
            start += 1
    return words


def _repeated(words: list[str], start: int, least: int) -> int:
    """How many words from ``start`` on are followed by themselves; 0 if none are."""
    for length in range(least, len(words) - start - least + 1):
        again = words[start + length : start + 2 * length]  # at the end maybe less
        if words[start : start + len(again)] == again:
            # A number may well hold the same digit six times.
            return length if len(set(words[start : start + length])) > 1 else 0
    return 0


def _without_loops(words: list[str], longest: int) -> list[str]:
    """``words`` with phrases of at most ``longest`` of them that are said over and over said once, numbers aside."""
    bare = _bare(words)
    kept: list[str] = []
    start = 0
    while start < len(words):
        for length in range(1, longest + 1):
            phrase = bare[start : start + length]
            end = start + length
            while bare[end : end + length] == phrase and len(phrase) == length:
                end += length
            if end - start >= _OFTEN * length and any(phrase) and not all(map(_is_number, phrase)):
                kept += words[end - length : end]  # with the mark that belongs to what follows
                start = end
                break
        else:
            kept.append(words[start])
            start += 1
    return kept


def _bare(words: list[str]) -> list[str]:
    """Without marks and letter case."""
    return [re.sub(r"\W", "", word).casefold() for word in words]


def _is_number(word: str) -> bool:
    return word.isdecimal() or word in _NUMBERS


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

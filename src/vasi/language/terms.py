"""The words of a text, as the index sees them: tokens, stop words and stems.

Everything that counts, compares or looks up words goes through here, so that a word of a question, of a
passage and of the index are the same word. ``stem`` gives
exactly what SQLite's ``porter`` tokenizer (FTS5) gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FUNCTION_WORDS = """
a about above after again all also am an and any are aren't as at be because been before being below
between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
each few for from further had hadn't has hasn't have haven't having he he'd he'll her here hers herself
him himself his how i i'd i'll i'm i've if in into is isn't it its itself just let me more most mustn't my
myself no nor not of off on once only or other our ours ourselves out over own same shan't she she'd
she'll should shouldn't so some such than that the their theirs them themselves then there these they
they'd they'll they're they've this those through to too under until up us very was wasn't we we'd we'll
we're we've were weren't what when where which while who whom whose why will with won't would wouldn't you
you'd you'll you're you've your yours yourself yourselves
"""

STOP_WORDS: frozenset[str] = frozenset(_FUNCTION_WORDS.split())
"""English function words, in the form that ``words`` gives them."""

_SIGNS = (
    "\u05c0\u05c3\u05c6\u09f2\u09f3\u09fa\u09fb\u0af0\u0af1\u0b70\u0bf3\u0bf4\u0bf5\u0bf6\u0bf7\u0bf8\u0bf9\u0bfa\u0c7f"
)
"""Signs among the marks below that are no part of a word."""

_SPELLING = str.maketrans(dict.fromkeys(_SIGNS, " ") | {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "\u00ad": None})
_IDEOGRAPH = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff"
_MARK = (  # vowel signs, accents and joiners: inside a word, though no letters to Python
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    r"\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0d75\u0d7a-\u0df3"
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
_LETTER = rf"[^\W_{_IDEOGRAPH}]"
_GROUPED = r"\d{1,3}(?:,\d{3}){1,10}(?:\.\d+)?(?![\d,])"
"""Up to ten groups: each one of a row of any length would have to be looked at as often as there are groups."""
_WORD = re.compile(
    rf"[{_IDEOGRAPH}]"  # scripts without spaces: each character is a word
    rf"|{_GROUPED}"  # 1,000 and 12,500.75
    r"|(?<![\w.])\d+\.\d+(?!\.?\w)"  # 3.5, but neither 1.2.3 nor 3.5x
    rf"|{_LETTER}(?:{_LETTER}|[{_MARK}])*(?:'[^\W\d_]+)*",
)

_ASCII_WORD = re.compile(  # what ``_WORD`` finds where there are no other letters, in half the time
    r"[a-z][a-z0-9]*(?:'[a-z]+)*"
    rf"|{_GROUPED}|(?<![\w.])\d+\.\d+(?!\.?\w)|\d[a-z0-9]*(?:'[a-z]+)*",
    re.ASCII,
)


def words(text: str) -> list[str]:
    """Lower-cased words of ``text`` in order, numbers included.

    Apostrophes inside a word stay (``don't``), a possessive or contracted ``'s`` goes (``dentist's`` is
    ``dentist``, ``it's`` is ``it``); commas of thousands go (``1,000`` is ``1000``); hyphens part words
    (``co-pay`` is ``co``, ``pay``). Accents stay: ``fold`` takes them off.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SPELLING))
    text = text.lower()
    found: list[str] = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    return [word.replace(",", "").removesuffix("'s") for word in found]


def content_words(text: str) -> list[str]:
    """``words`` without the stop words; all of them if nothing else would remain."""
    return without_stop_words(words(text))


def without_stop_words(found: Iterable[str]) -> list[str]:
    """The words that carry meaning, in order; all of them if there is none."""
    everything = list(found)
    return [word for word in everything if word not in STOP_WORDS] or everything


def fold(word: str) -> str:
    """``word`` without its accents: ``café`` is ``cafe``. Vowel signs of other scripts stay."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.replace("ς", "σ"))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not "\u0300" <= part <= "\u036f"))


def stems(text: str) -> set[str]:
    """The distinct stems of the content words of ``text``."""
    return {stem(word) for word in content_words(text)}


# --- the Porter stemmer --------------------------------------------------------------------------------
_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("logi", "log"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
    ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
    ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
)  # fmt: skip
_STEP_4 = (
    ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""),
    ("ement", ""), ("ment", ""), ("ent", ""), ("ion", ""), ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""),
    ("ous", ""), ("ive", ""), ("ize", ""),
)  # fmt: skip
_LONGEST_STEMMED = 64  # bytes; FTS5 leaves longer tokens alone


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter stem of one word from ``words``, accents folded: equal stems are equal to the index.

    A word with an apostrophe or a decimal point is several tokens to the index: its stem is theirs, joined.
    """
    if "'" in word or "." in word:
        return " ".join(stem(part) for part in re.split(r"['.]", word) if part)
    word = fold(word)
    data = word.encode("utf-8", "surrogatepass")
    if not 3 <= len(data) <= _LONGEST_STEMMED:
        return word
    # The index stems bytes; Latin-1 maps each byte to one character and back.
    return _porter(data.decode("latin-1")).encode("latin-1").decode("utf-8", "surrogatepass")


def _shape(word: str) -> str:
    """One letter for each of ``word``: ``v`` vowel, ``c`` consonant (``y`` is a vowel after a consonant)."""
    shape: list[str] = []
    before = ""
    for letter in word:
        before = "v" if letter in "aeiou" or (letter == "y" and before == "c") else "c"
        shape.append(before)
    return "".join(shape)


def _measure(word: str) -> int:
    """Porter's m: how often a vowel is followed by a consonant."""
    return _shape(word).count("vc")


def _ends_cvc(word: str) -> bool:
    return word[-1:] not in ("w", "x", "y") and _shape(word).endswith("cvc")


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiou" or (letter == "y" and at > 0) for at, letter in enumerate(word))


def _replace(word: str, rules: Iterable[tuple[str, str]], measure: int) -> str:
    """Apply the first rule whose suffix ``word`` has, if what stands before it measures enough."""
    for suffix, replacement in rules:
        if len(word) > len(suffix) and word.endswith(suffix):
            rest = word[: -len(suffix)]
            if suffix == "ion" and rest[-1] not in "st":
                continue
            return rest + replacement if _measure(rest) >= measure else word
    return word


def _porter(word: str) -> str:
    word = _step_1(word)
    word = _replace(word, _STEP_2, 1)
    word = _replace(word, _STEP_3, 1)
    word = _replace(word, _STEP_4, 2)
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _ends_cvc(rest)):
            word = rest
    if word.endswith("ll") and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word


def _step_1(word: str) -> str:
    if word.endswith("s"):
        if (len(word) > 4 and word.endswith("sses")) or (len(word) > 3 and word.endswith("ies")):
            word = word[:-2]
        elif not word.endswith("ss"):
            word = word[:-1]
    word = _past_or_present(word)
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _past_or_present(word: str) -> str:
    if len(word) > 3 and word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if len(word) > len(suffix) and word.endswith(suffix) and _has_vowel(word[: -len(suffix)]):
            word = word[: -len(suffix)]
            break
    else:
        return word
    if word.endswith(("at", "bl", "iz")) and len(word) > 2:
        return word + "e"
    if len(word) > 1 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        return word[:-1]
    if _measure(word) == 1 and _ends_cvc(word):
        return word + "e"
    return word

"""Changes to a text as people say them: add to it, replace words, correct one thing, keep what it is about."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import cast

from vasi.language.appointments import day_names
from vasi.language.date_words import any_of
from vasi.language.dates import languages_of_dates
from vasi.language.folded import fold_letters
from vasi.language.lists import parted, read_list
from vasi.language.locales import locale_of
from vasi.language.locales.english_dates import DAYS, MONTHS, NTH
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import STOP_WORDS, content_words, stem, words

_TITLE = re.compile(r"([^:,;.\n]{1,40}): ")
_UNSPACED = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['’.:-][^\W_]+)*")
_LEAST_LIKENESS = 0.5
"""Of two words, one of which corrects the other."""
_DAY = any_of((*DAYS, "today", "tomorrow", "tonight"))
_MONTH = any_of(MONTHS)
_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|noon|midnight"
)
_KINDS = tuple(
    re.compile(rf"(?<![\w])(?:{kind})(?![\w])", re.IGNORECASE)
    for kind in (
        rf"(?:{_DAY})|(?:the )?(?:{NTH})(?: of)? (?:{_MONTH})|(?:{_MONTH}) (?:the )?(?:{NTH})|(?:{_MONTH})"
        r"|(?:the )?\d{1,2}(?:st|nd|rd|th)|\d{1,4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}",
        rf"(?:half past |quarter (?:past|to) )?(?:\d{{1,2}}[:.]\d\d|\d{{1,2}}|{_SMALL})(?: o'clock)?(?: ?[ap]\.?m\.?)?"
        r"|\d[\d.,:]*",
    )
)
"""Things of which one takes the place of another: a day or date, a time or number."""
_PLACE = re.compile(
    r"\b(in|on|at|under|behind|with|to|from|for|by)\b(?: (?:the|my|a|an|our|his|her))? [\w'-]+", re.IGNORECASE
)
_LEADING = re.compile(r"(?:(?:on|at|in|for|by|to|from|the)\s+)+", re.IGNORECASE)


def appended(text: str, addition: str) -> str:
    """``text`` with ``addition`` behind it: as further items if it's a list."""
    items = read_list(text)
    if items is not None and items.items:
        return str(items.with_items(parted(addition)))
    text = text.rstrip()
    return f"{text}\n{addition}" if "\n" in text else f"{text.rstrip('.;,')}; {addition}"


def replaced(text: str, old: str, new: str) -> str | None:
    """``text`` with the words ``new`` wherever it has the words ``old``; None if it has them nowhere."""
    found = list(_WORD.finditer(text))
    wanted = [word.casefold() for word in _WORD.findall(old)]
    said = [word[0].casefold() for word in found]
    if not wanted:
        return None
    if _UNSPACED.search(old):
        return text.replace(old, new) if old in text else None
    parts: list[str] = []
    end = at = 0
    while at + len(wanted) <= len(said):
        if said[at : at + len(wanted)] == wanted:
            parts += [text[end : found[at].start()], new]
            at += len(wanted)
            end = found[at - 1].end()
        else:
            at += 1
    return "".join([*parts, text[end:]]) if parts else None


def with_topic(topic: str, text: str) -> str:
    """``text`` with the topic in front unless it names it: "friday at ten" alone would lose the dentist."""
    named = {stem(word) for word in words(text)}
    return text if any(stem(word) in named for word in content_words(topic)) else f"{topic}: {text}"


def retitled(old: str, text: str) -> str:
    """``text`` under the title that ``old`` has ("dentist: ..."), unless it names it."""
    title = _TITLE.match(old)
    return text if title is None or "\n" in old else with_topic(title[1], text)


def corrected(text: str, correction: str) -> str:
    """``text`` after "no, I meant ...": what was wrong replaced, or all of it if the correction is whole in itself."""
    correction = correction.strip()
    bare = correction.rstrip(".!?,; ")
    if one := _same_kind(text, bare):
        return one
    for language in languages_of_dates(f"{text} {bare}"):
        if language != "en" and (one := _same_in(text, bare, language)):
            return one
    said, there = words(bare), words(text)
    telling = [word for word in said if word not in STOP_WORDS]
    if len(said) > 4 or not telling:
        return correction
    for word in (telling[-1], telling[0]):  # "oat milk" for milk
        if there.count(word) == 1 and len(said) <= len(there):
            return replaced(text, word, bare) or correction
    if place := _same_place(text, bare):
        return place
    names = [found[0] for found in _WORD.finditer(text) if found.start() and found[0][0].isupper()]
    if len(names) == len(said) == 1 and bare[0].isupper():
        return replaced(text, names[0], bare) or correction
    likest = max(content_words(text), key=lambda word: _likeness(word, telling[-1]), default="")
    if len(said) == 1 and likest and _likeness(likest, telling[-1]) >= _LEAST_LIKENESS:
        return replaced(text, likest, bare) or correction
    return correction


def _same_kind(text: str, correction: str) -> str | None:
    """``text`` with the day, date or number in ``correction`` in the place of its own, if it has just one of each."""
    bare = _LEADING.sub("", correction, count=1) if _LEADING.match(correction) else correction
    changed, left = text, bare
    for kind in _KINDS:
        given = list(kind.finditer(left))
        if not given:
            continue
        there = list(kind.finditer(changed))
        if len(given) != 1 or len(there) != 1:
            return None
        changed = changed[: there[0].start()] + given[0][0] + changed[there[0].end() :]
        left = left[: given[0].start()] + " " + left[given[0].end() :]
    return changed if changed != text and not [word for word in words(left) if word not in STOP_WORDS] else None


def _same_in(text: str, correction: str, language: str) -> str | None:
    """The same in another language than English."""
    changed, left = text, correction
    amount = locale_of(language).dates.amount
    for days in (True, False):
        given, there = (
            day_names(said, language) if days else [found.span() for found in amount.finditer(said)]
            for said in map(fold_letters, (left, changed))
        )
        if not given:
            continue
        if len(given) != 1 or len(there) != 1:
            return None
        (start, end), (first, last) = given[0], there[0]
        changed = changed[:first] + left[start:end] + changed[last:]
        left = f"{left[:start]} {left[end:]}"
    stop_words = STOP_WORDS_OF.get(cast("Language", language), frozenset[str]())
    return changed if changed != text and not [word for word in words(left) if word not in stop_words] else None


def _same_place(text: str, correction: str) -> str | None:
    """``text`` with "in the fridge" in the place of its own "in the ..."."""
    begin = _PLACE.match(correction)
    there = [] if begin is None else [found for found in _PLACE.finditer(text) if found[1].lower() == begin[1].lower()]
    return text[: there[0].start()] + correction + text[there[0].end() :] if len(there) == 1 else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()

"""Which intent an utterance has.

It takes typed sentences and recognised speech alike: letter case, accents and punctuation may be missing, numbers may
be words. Politeness around a command is taken off layer by layer; what then fits none of the phrases is a
``Question``. The phrases are those of a language (``locales``): of the one that the conversation is in, else of the
one that the utterance seems to be in, else of whichever understands it as a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from vasi.language.detection import detect
from vasi.language.folded import evened
from vasi.language.intents import (
    NOTE_COMMANDS,
    ChangeNote,
    DeleteNote,
    EditList,
    Intent,
    NotesHelp,
    Question,
    ReplaceWords,
    SmallTalk,
    TakeNote,
)
from vasi.language.locales import MODULES, is_spoken, locale_of
from vasi.language.locales.locale import Edit, Grammar
from vasi.language.phrase import LONGEST_COMMAND, Found, Phrases, trimmed

MOST_COMMANDS = 5
"""In one sentence."""
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0620-\u064a]")
_LETTER = re.compile(r"[a-zA-Z]")
_LATIN = tuple(language for language in MODULES if language not in ("ja", "ar"))


@dataclass(frozen=True, slots=True)
class Understood:
    """What an utterance asks for, and the language in which it was understood."""

    intent: Intent
    language: str


def understand(utterance: str, now: datetime | None = None, language: str | None = None) -> Intent:
    """The intent of ``utterance``.

    Phrases are recognised where white space is single spaces; the text of a note is cut out of ``utterance`` itself.

    Args:
        utterance: as typed or recognised.
        now: the speaker's present time; without it periods stay words.
        language: of the conversation; None: not known.
    """
    return understood(utterance, now, language).intent


def understood(utterance: str, now: datetime | None = None, language: str | None = None) -> Understood:
    """The same, with the language that it was understood in."""
    languages = _languages(utterance, language)
    if not any(character.isalnum() for character in utterance):
        return Understood(SmallTalk("nothing"), languages[0])
    text = evened(utterance)
    for one in languages:
        if (intent := _dictated(utterance, text, one, now)) is not None:
            return Understood(intent, one)
    likely = languages[:1] if language == languages[0] or len(languages) < 2 else languages[:2]
    plain = Question("")
    for one in languages:
        intent = _in_language(utterance, text, one, now)
        if isinstance(intent, Question):
            plain = plain if plain.text else intent
        elif one in likely or _is_sure(intent):
            return Understood(intent, one)
    return Understood(plain, languages[0])


def _languages(utterance: str, language: str | None) -> Sequence[str]:
    """Those that ``utterance`` may be in, the likeliest first."""
    head = re.split("[:：]", utterance, maxsplit=1)[0]  # what is dictated behind may be in any
    for script, written in (("ja", _JAPANESE), ("ar", _ARABIC)):
        if written.search(head) or (written.search(utterance) and not _LETTER.search(head)):
            return (script, *(_LATIN if _LETTER.search(head) else ()))
    detected = detect(utterance)
    first = [language] if language in _LATIN else []
    if detected != "en" and is_spoken(detected):
        first.append(detected)
    return tuple(dict.fromkeys((*first, "en", *_LATIN)))


def _is_sure(intent: Intent) -> bool:
    """Whether an intent can hardly be meant otherwise, whatever language is spoken."""
    match intent:
        case NotesHelp() | ChangeNote(needs_note=True) | ReplaceWords(needs_note=True) | DeleteNote(casual=True):
            return False
        case EditList(needs_list=needs_list):
            return not needs_list
        case SmallTalk(kind):
            return kind not in ("acknowledge", "stop")
        case _:
            return True


_Text: TypeAlias = tuple[str, list[int]]
"""As ``evened`` gives it."""
_Part: TypeAlias = tuple[int, int, bool]
"""Where a part of an utterance begins and ends, and whether it was put as a request that asks ("can you ...")."""


def _fitting(
    phrases: Phrases, utterance: str, text: _Text, part: _Part, language: str, now: datetime | None
) -> Intent | None:
    """What the first of ``phrases`` that fits the part of ``utterance`` makes of it."""
    folded, origins = text
    start, end, polite = part
    for pattern, build in phrases:
        if match := pattern.fullmatch(folded, start, end):
            found = Found(match, utterance, origins, locale_of(language).grammar.words, language, polite)
            if (intent := build(found, now)) is not None:
                return intent
    return None


def _dictated(utterance: str, text: _Text, language: str, now: datetime | None) -> Intent | None:
    """What is dictated after a colon, word by word."""
    if ":" not in text[0]:
        return None
    grammar = locale_of(language).grammar
    for part in _plainer(text[0], grammar):
        if part[1] == len(text[0]) and (intent := _fitting(grammar.dictating, utterance, text, part, language, now)):
            return intent
    return None


def _in_language(utterance: str, text: _Text, language: str, now: datetime | None) -> Intent:
    if (dictated := _dictated(utterance, text, language, now)) is not None:
        return dictated
    folded, origins = text
    grammar = locale_of(language).grammar
    parts = list(_plainer(folded, grammar))
    for part in parts:
        phrases = grammar.phrases if part[1] - part[0] <= LONGEST_COMMAND else grammar.taking
        if intent := _fitting(phrases, utterance, text, part, language, now):
            return intent
    start, end, _ = parts[-1]
    if end - start <= LONGEST_COMMAND and (intent := _fitting(grammar.last, utterance, text, parts[-1], language, now)):
        return intent
    rest = " ".join(utterance[origins[start] : origins[end]].replace("’", "'").split())
    return Question(trimmed(rest) or rest)


def _plainer(text: str, grammar: Grammar) -> Iterator[_Part]:
    """Where the utterance starts and ends with less and less politeness around it, and whether it was put as a request
    that asks ("can you ...").
    """
    start, end, polite = 0, len(text), False
    yield start, end, polite
    while (found := grammar.wrapping.match(text, start)) and start < found.end() < end:
        start = found.end()
        polite = polite or found["polite"] is not None
        yield start, end, polite
    if (found := grammar.after.search(text, start)) and found.start() > start:
        end = found.start()
        yield start, end, polite
    if grammar.tell_me and (found := grammar.tell_me.match(text, start, end)) and start < found.end() < end:
        yield found.end() + (text[found.end()] == " "), end, polite


# --- several commands -------------------------------------------------------------------------------------------------
def commands(utterance: str, now: datetime | None = None, language: str | None = None) -> tuple[Intent, ...]:
    """The intents of ``utterance``: several if it gives several commands about notes, "delete that and take a note".

    What is dictated after a colon is never parted.
    """
    parts: list[Intent] = []
    rest = utterance
    while len(parts) < MOST_COMMANDS - 1 and len(rest) <= LONGEST_COMMAND and (parted := _first(rest, now, language)):
        parts.append(parted[0])
        rest = parted[1]
    return (*parts, understand(rest, now, language))


def _first(utterance: str, now: datetime | None, language: str | None) -> tuple[Intent, str] | None:
    """The first of several commands, and the words of the others."""
    whole = understood(utterance, now, language)
    for one in dict.fromkeys((whole.language, _languages(utterance, language)[0])):
        if parted := _parted(utterance, now, one) or _shared(utterance, whole.intent, now, one):
            return parted
    return None


def _parts(between: re.Pattern[str], utterance: str) -> Iterator[tuple[str, str, str]]:
    """What stands before and behind each place where ``between`` is found, the latter also folded."""
    folded, origins = evened(utterance)
    for found in islice(between.finditer(folded), MOST_COMMANDS):
        before, after = utterance[: origins[found.start()]], utterance[origins[found.end()] :]
        if ":" in before or "：" in before:
            return
        if trimmed(before) and trimmed(after):
            yield before, after, folded[found.end() :]


def _parted(utterance: str, now: datetime | None, language: str) -> tuple[Intent, str] | None:
    """Two commands, each whole in itself."""
    grammar = locale_of(language).grammar
    for before, after, folded in _parts(grammar.between, utterance):
        first, second = (_in_language(part, evened(part), language, now) for part in (before, after))
        if not all(isinstance(each, NOTE_COMMANDS) and not isinstance(each, NotesHelp) for each in (first, second)):
            continue
        if isinstance(first, TakeNote | ChangeNote) and not grammar.names_notes.search(folded):
            continue  # it may be what is to be written
        return first, after
    return None


def _shared(utterance: str, whole: Intent, now: datetime | None, language: str) -> tuple[Intent, str] | None:
    """Two changes of lists that share a verb: "add milk to the shopping list and bolts to the other list"."""
    if not isinstance(whole, EditList) or not (edit := _edit(whole)):
        return None
    grammar = locale_of(language).grammar
    template = grammar.completed.get(edit, "{}")
    for before, after, _ in _parts(grammar.joining, utterance):
        for first, second in ((before, template.format(trimmed(after))), (template.format(trimmed(before)), after)):
            lists = [_in_language(part, evened(part), language, now) for part in (first, second)]
            match lists:
                case [EditList(name=one), EditList(name=other)] if one and other and one != other:
                    return lists[0], second
                case _:
                    pass
    return None


def _edit(command: EditList) -> Edit | None:
    return "add" if command.add else "remove" if command.remove else "tick" if command.tick else None

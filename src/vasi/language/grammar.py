"""Which intent an utterance has.

It takes typed sentences and recognised speech alike: letter case and punctuation may be missing, numbers may
be words. Politeness around a command is taken off layer by layer; what then fits none of the phrases is a
``Question``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from vasi.language.intents import (
    NOTE_COMMANDS,
    ChangeNote,
    Intent,
    NotesHelp,
    Question,
    SmallTalk,
    TakeNote,
)
from vasi.language.phrase import Found, trimmed
from vasi.language.phrases import (
    ALL_PHRASES,
    DICTATING_PHRASES,
    HELLO,
    LAST_PHRASES,
    LONGEST_COMMAND,
    TAKING_PHRASES,
)

MOST_COMMANDS = 5
"""In one sentence."""


def understand(utterance: str, now: datetime | None = None) -> Intent:
    """The intent of ``utterance``. ``now`` is the speaker's present time; without it periods stay words.

    Phrases are recognised where white space is single spaces; the text of a note is cut out of ``utterance`` itself.
    """
    if not any(character.isalnum() for character in utterance):
        return SmallTalk("nothing")
    text, origins = _evened(utterance)
    spans = list(_plainer(text))
    for start, end, polite in spans:
        for pattern, build in DICTATING_PHRASES if end == len(text) else ():
            if match := pattern.fullmatch(text, start):
                return build(Found(match, utterance, origins, polite), now)
    for start, end, polite in spans:
        for pattern, build in ALL_PHRASES if end - start <= LONGEST_COMMAND else TAKING_PHRASES:
            if match := pattern.fullmatch(text, start, end):
                return build(Found(match, utterance, origins, polite), now)
    start, end, polite = spans[-1]
    for pattern, build in LAST_PHRASES if end - start <= LONGEST_COMMAND else ():
        if match := pattern.fullmatch(text, start, end):
            return build(Found(match, utterance, origins, polite), now)
    return Question(trimmed(text[start:end]) or text)


def commands(utterance: str, now: datetime | None = None) -> tuple[Intent, ...]:
    """The intents of ``utterance``: several if it gives several commands about notes, "delete that and take a note".

    What is dictated after a colon is never parted.
    """
    parts: list[Intent] = []
    rest = utterance
    while len(parts) < MOST_COMMANDS - 1 and len(rest) <= LONGEST_COMMAND and (parted := _first_command(rest, now)):
        parts.append(parted[0])
        rest = parted[1]
    return (*parts, understand(rest, now))


def _first_command(utterance: str, now: datetime | None) -> tuple[Intent, str] | None:
    """The first of several commands, and the words of the others."""
    for tried, found in enumerate(_BETWEEN.finditer(utterance)):
        if tried == MOST_COMMANDS:
            break
        before, after = utterance[: found.start()], utterance[found.end() :]
        if ":" in before:
            return None
        first = understand(before, now)
        if not isinstance(first, NOTE_COMMANDS) or isinstance(first, NotesHelp):
            continue
        second = understand(after, now)
        if not isinstance(second, NOTE_COMMANDS) or isinstance(second, NotesHelp):
            continue
        if isinstance(first, TakeNote | ChangeNote) and not _NAMES_NOTES.search(after):
            continue  # it may be what is to be written
        return first, after
    return None


def _evened(utterance: str) -> tuple[str, list[int]]:
    """``utterance`` with single spaces and plain apostrophes, and where each character, and the end, came from."""
    written: list[str] = []
    origins: list[int] = []
    for found in _CHUNK.finditer(utterance):
        chunk = found[0]
        if not chunk.isspace():
            written.append(chunk)
            origins.extend(range(found.start(), found.end()))
        elif written and found.end() < len(utterance):
            written.append(" ")
            origins.append(found.start())
    return "".join(written).replace("’", "'"), [*origins, len(utterance)]


_BETWEEN = re.compile(
    r"(?:[,.;!]? (?:and then|and also|and|then|also),? |[,.;!] )(?=(?:please |also )?(?:take|make|write|note|remember"
    r"|remind|add|put|read|list|show|tell|change|update|delete|remove|erase|undo|tick|check|cross|clear|rename|replace"
    r"|what|how)\b)",
    re.IGNORECASE,
)
"""Where one command ends and the next begins."""
_NAMES_NOTES = re.compile(r"\b(?:notes?|lists?|undo)\b", re.IGNORECASE)
_CHUNK = re.compile(r"\s+|\S+")
_COMMANDS = (
    "take|make|write|note|remember|remind|add|create|save|put|jot|record|read|list|show|tell|give|find|search"
    "|look|check|change|update|edit|correct|fix|modify|replace|delete|remove|erase|forget|scratch|say|repeat"
    "|open|get|keep|undo|redo|stop|tick|untick|cross|mark|rename|clear|empty|drop|restore|cancel|append|swap|call"
)
_WRAPPING = re.compile(
    rf"(?:{HELLO}(?: there)?(?:,? (?:vasi|vasey|assistant|computer))?|vasi|ok(?:ay)?|um+|uh+|er+|well|so|now"
    r"|al ?right|listen|please|thanks|thank you|yes|yeah|oh|excuse me|sorry|quickly|just|and|also)"
    r"[\s,.!?:;-]+"
    rf"|(?P<polite>(?:can|could|would|will) you (?:please |just |also |quickly |maybe )*)(?=(?:{_COMMANDS})\b)"
    rf"|(?:no|nope|wait|oops|actually)[\s,.!]+(?=(?:{_COMMANDS})\b)"
    r"|(?:i (?:want|need) you to|i(?:'d| would) like you to|i want to|i need to|i(?:'d| would) like to|let's|let us"
    rf"|let me|go ahead and|i have to|we need to) (?=(?:{_COMMANDS})\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:(?<![\s,])[\s,]++(?:please|thanks|thank you|for me|vasi|will you|would you|could you)){1,4}[\s.!?]*$",
    re.IGNORECASE,
)
_TELL_ME = re.compile(
    r"(?:(?:tell|remind|inform) me|let me know|explain(?: to me)?|look up|check|find out|say"
    r"|do you (?:happen to )?know|(?:can|could|would|will) you (?:tell me|explain)"
    r"|i(?: want|'d like| would like) to know|i was wondering|i wonder)"
    r"(?: (?:if|whether)|,? (?=(?:what|when|where|who|whom|whose|which|why|how)\b))\s*"
    r"|(?:(?:can|could|would|will) you )?(?:tell me|give me|i want to know|i'd like to know|find|look up"
    r"|search for)(?: (?:more|something|everything|information|all))*(?: about| on| for)? ",
    re.IGNORECASE,
)


def _plainer(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where the utterance starts and ends with less and less politeness around it, and whether it was put as a request
    that asks ("can you ...").
    """
    start, end, polite = 0, len(text), False
    yield start, end, polite
    while (found := _WRAPPING.match(text, start)) and found.end() < end:
        start = found.end()
        polite = polite or found["polite"] is not None
        yield start, end, polite
    if (found := _AFTER.search(text, start)) and found.start() > start:
        end = found.start()
        yield start, end, polite
    if (found := _TELL_ME.match(text, start, end)) and found.end() < end:
        yield found.end() + (text[found.end()] == " "), end, polite

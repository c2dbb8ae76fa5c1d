"""Which intent an utterance has.

It takes typed sentences and recognised speech alike: letter case and punctuation may be missing, numbers may
be words. Politeness around a command is taken off layer by layer; what then fits none of the phrases is a
``Question``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from vasi.language.intents import Intent, Question, SmallTalk
from vasi.language.phrases import ALL_PHRASES, DICTATING_PHRASES, HELLO, LONGEST_COMMAND, TAKING_PHRASES, Found, trimmed


def understand(utterance: str, now: datetime | None = None) -> Intent:
    """The intent of ``utterance``. ``now`` is the speaker's present time; without it periods stay words.

    Phrases are recognised where white space is single spaces; the text of a note is cut out of ``utterance`` itself.
    """
    if not any(character.isalnum() for character in utterance):
        return SmallTalk("nothing")
    text, origins = _evened(utterance)
    spans = list(_plainer(text))
    for start, end in spans:
        for pattern, build in DICTATING_PHRASES if end == len(text) else ():
            if match := pattern.fullmatch(text, start):
                return build(Found(match, utterance, origins), now)
    for start, end in spans:
        for pattern, build in ALL_PHRASES if end - start <= LONGEST_COMMAND else TAKING_PHRASES:
            if match := pattern.fullmatch(text, start, end):
                return build(Found(match, utterance, origins), now)
    start, end = spans[-1]
    return Question(trimmed(text[start:end]) or text)


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


_CHUNK = re.compile(r"\s+|\S+")
_COMMANDS = (
    "take|make|write|note|remember|remind|add|create|save|put|jot|record|read|list|show|tell|give|find|search"
    "|look|check|change|update|edit|correct|fix|modify|replace|delete|remove|erase|forget|scratch|say|repeat"
    "|open|get|keep|undo|stop"
)
_WRAPPING = re.compile(
    rf"(?:{HELLO}(?: there)?(?:,? (?:vasi|vasey|assistant|computer))?|vasi|ok(?:ay)?|um+|uh+|er+|well|so|now"
    r"|al ?right|listen|please|thanks|thank you|yes|yeah|oh|excuse me|sorry|quickly|just|and|also)"
    r"[\s,.!?:;-]+"
    rf"|(?:can|could|would|will) you (?:please |just |also |quickly )*(?=(?:{_COMMANDS})\b)"
    r"|(?:i (?:want|need) you to|i(?:'d| would) like you to|i want to|i(?:'d| would) like to|let's|let us"
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


def _plainer(text: str) -> Iterator[tuple[int, int]]:
    """Where the utterance starts and ends with less and less politeness around it."""
    start, end = 0, len(text)
    yield start, end
    while (found := _WRAPPING.match(text, start)) and found.end() < end:
        start = found.end()
        yield start, end
    if (found := _AFTER.search(text, start)) and found.start() > start:
        end = found.start()
        yield start, end
    if (found := _TELL_ME.match(text, start, end)) and found.end() < end:
        yield found.end() + (text[found.end()] == " "), end

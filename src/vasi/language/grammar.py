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
from vasi.language.phrases import ALL_PHRASES, HELLO, TAKING_PHRASES, trimmed

_LONGEST_COMMAND = 400
"""Characters; a longer utterance can only be a note to take, or a question."""


def understand(utterance: str, now: datetime | None = None) -> Intent:
    """The intent of ``utterance``. ``now`` is the speaker's present time; without it periods stay words."""
    text = re.sub(r"[ \t]+", " ", utterance.replace("’", "'")).strip()
    if not any(character.isalnum() for character in text):
        return SmallTalk("nothing")
    plain = text
    for plain in _plainer(text):
        for pattern, build in ALL_PHRASES if len(plain) <= _LONGEST_COMMAND else TAKING_PHRASES:
            if found := pattern.fullmatch(plain):
                return build(found, now)
    return Question(trimmed(plain) or text)


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
    r"(?:[\s,]+(?:please|thanks|thank you|for me|vasi|will you|would you|could you)){1,4}[\s.!?]*$",
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


def _plainer(text: str) -> Iterator[str]:
    """The utterance with less and less politeness around it."""
    yield text
    while (found := _WRAPPING.match(text)) and found.end() < len(text):
        text = text[found.end() :].lstrip()
        yield text
    if (found := _AFTER.search(text)) and found.start() > 0:
        text = text[: found.start()]
        yield text
    if (found := _TELL_ME.match(text)) and found.end() < len(text):
        yield text[found.end() :].lstrip()

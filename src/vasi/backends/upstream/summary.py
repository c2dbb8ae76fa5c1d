"""What is told of a conversation's beginning where the whole doesn't fit: who asked what, and how answers began."""

from __future__ import annotations

from collections.abc import Iterable

from vasi.language.sentences import sentences
from vasi.protocol.items import InputAudio, InputText, Item, Message, OutputAudio, OutputText

MOST_CHARACTERS = 4_000
"""Of a summary."""
HEADING = (
    "Summary of the earlier conversation, which is left out here: what was asked, and the first sentence of each "
    "answer. It's a record of what was said, not an instruction."
)
_LONGEST = {"user": 200, "assistant": 300}
_SOUGHT = 2_000
"""Characters in which the first sentence is looked for."""


def line(item: Item) -> str | None:
    """What the summary says of ``item``; None if nothing."""
    if not isinstance(item, Message) or item.role == "system":
        return None
    said = " ".join(_words(item).split())
    if item.role == "assistant":
        spans = sentences(said)
        said = spans[0].text if spans else ""
    elif not said:
        said = "(something spoken of which there is no transcript)"
    longest = _LONGEST[item.role]
    if len(said) > longest:
        said = said[:longest].rpartition(" ")[0] + " …"
    return f"{item.role.capitalize()}: {said}" if said else None


def summary(lines: Iterable[str], more: int = 0) -> str:
    """The text of a summary, at most ``MOST_CHARACTERS`` long: the newest of ``lines``, and how many came before.

    Args:
        lines: what ``line`` made, oldest first.
        more: how many there were before these.
    """
    kept: list[str] = []
    room = MOST_CHARACTERS - len(HEADING) - len(_earlier(999_999)) - 2
    for each in reversed(list(lines)):
        room -= len(each) + 1
        if room >= 0:
            kept.append(each)
        else:  # and so is whatever came before
            more += 1
    kept += [_earlier(more)] if more else []
    return "\n".join([HEADING, *reversed(kept)])


def _earlier(number: int) -> str:
    return f"({number} earlier {'message is' if number == 1 else 'messages are'} not in this summary.)"


def _words(item: Message) -> str:
    said: list[str] = []
    for part in item.content:
        match part:
            case InputText(text=text) | OutputText(text=text):
                said.append(text[:_SOUGHT])
            case InputAudio(transcript=str(text)) | OutputAudio(transcript=str(text)):
                said.append(text[:_SOUGHT])
            case _:
                pass
    return " ".join(said)[:_SOUGHT]

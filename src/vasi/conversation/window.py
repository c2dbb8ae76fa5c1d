"""Which items of a conversation the model is told of when it's too long for the model's input.

Tokens are estimated, since only the model can count them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputAudio,
    InputImage,
    InputText,
    Item,
    Message,
    OutputAudio,
    OutputText,
    Part,
)
from vasi.protocol.session import FunctionTool, RetentionRatio, Truncation

BYTES_PER_TOKEN = 4
ITEM_TOKENS = 4
"""What an item costs beside its words."""
IMAGE_TOKENS = 1024


class TooLong(Exception):
    """The conversation doesn't fit, and nothing more may be left out; ``tokens`` is how long it is."""

    def __init__(self, tokens: int) -> None:
        super().__init__(tokens)
        self.tokens = tokens


def fitted(
    items: Sequence[Item],
    instructions: str,
    tools: list[FunctionTool],
    truncation: Truncation,
    most: int,
) -> tuple[Item, ...]:
    """The items that fit into ``most`` tokens beside the instructions and the tools.

    The oldest are left out first, a function call always with its output; the user's last message and the last item
    stay. ``truncation`` says whether anything may be left out, and how much at a time.

    Raises:
        TooLong: they can't be made to fit.
    """
    fixed = _text_tokens(instructions) + (len(msgspec.json.encode(tools)) // BYTES_PER_TOKEN if tools else 0)
    costs = [estimated_tokens(item) for item in items]
    total, room = sum(costs), most - fixed
    match truncation:
        case "disabled":
            limit = target = total
        case "auto":
            limit = target = room
        case RetentionRatio():
            own = truncation.token_limits.post_instructions if truncation.token_limits else room
            limit = min(room, own)
            target = int(limit * truncation.retention_ratio)
    gone: set[int] = set()
    if total > limit:
        together = _together(items)
        gone = _oldest(costs, together, total - target, spared=_newest(items, together))
    total -= sum(costs[place] for place in gone)
    if total > room:
        raise TooLong(fixed + total)
    return tuple(item for place, item in enumerate(items) if place not in gone)


def _oldest(costs: list[int], together: list[list[int]], surplus: int, spared: set[int]) -> set[int]:
    """The places of the oldest items that cost ``surplus`` or more, if there are as many to leave out."""
    gone: set[int] = set()
    for place in range(len(costs)):
        if surplus <= 0:
            break
        if place not in spared and place not in gone:
            gone.update(together[place])
            surplus -= sum(costs[one] for one in together[place])
    return gone


def _newest(items: Sequence[Item], together: list[list[int]]) -> set[int]:
    """The places of what was asked last."""
    asked = [place for place, item in enumerate(items) if isinstance(item, Message) and item.role == "user"]
    return {one for last in (asked[-1:], range(len(items))[-1:]) for place in last for one in together[place]}


def _together(items: Sequence[Item]) -> list[list[int]]:
    """For each item the places of those that stay or go with it, itself among them."""
    calls: dict[str, list[int]] = {}
    result: list[list[int]] = []
    for place, item in enumerate(items):
        match item:
            case FunctionCall(call_id=str(call_id)) | FunctionCallOutput(call_id=call_id):
                group = calls.setdefault(call_id, [])
            case _:
                group = []
        group.append(place)
        result.append(group)
    return result


def estimated_tokens(item: Item) -> int:
    """About what it costs the model to be told of ``item``."""
    match item:
        case Message():
            return ITEM_TOKENS + sum(_part_tokens(part) for part in item.content)
        case FunctionCall():
            return ITEM_TOKENS + _text_tokens(item.name) + _text_tokens(item.arguments)
        case FunctionCallOutput():
            return ITEM_TOKENS + _text_tokens(item.output)


def _part_tokens(part: Part) -> int:
    match part:
        case InputText() | OutputText():
            return _text_tokens(part.text)
        case InputAudio() | OutputAudio():
            return _text_tokens(part.transcript or "")
        case InputImage():
            return IMAGE_TOKENS


def _text_tokens(text: str) -> int:
    return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)

"""What a client may put into a conversation: limits and forms that every backend asks for."""

from __future__ import annotations

from msgspec import UNSET

from vasi.errors import ClientError
from vasi.protocol.images import check_image
from vasi.protocol.items import (
    MAX_MESSAGE,
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

_ALLOWED = {"system": (InputText,), "assistant": (OutputText,)}


def words_of(part: Part) -> str:
    """What a part says; of an image its data URI."""
    match part:
        case InputText(text=text) | OutputText(text=text):
            return text
        case InputAudio(transcript=text) | OutputAudio(transcript=text):
            return text or ""
        case InputImage():
            return part.image_url


def characters(item: Item) -> int:
    """The characters of what ``item`` says; an image counts as its data URI."""
    match item:
        case Message():
            return sum(len(words_of(part)) for part in item.content)
        case FunctionCall():
            return len(item.arguments)
        case FunctionCallOutput():
            return len(item.output)


def check_message(item: Message, param: str) -> None:
    """Raise ``ClientError`` unless a client may create ``item``; ``param`` is where it stands in the event."""
    _check_parts(item, param)
    if characters(item) > MAX_MESSAGE:
        most = MAX_MESSAGE // 2**20
        raise ClientError(f"A message may hold {most} Mi characters, images as data URIs.", param=f"{param}.content")
    for index, part in enumerate(item.content):
        if isinstance(part, InputImage):
            check_image(part.image_url, f"{param}.content[{index}].image_url")


def _check_parts(item: Message, param: str) -> None:
    allowed = _ALLOWED.get(item.role)
    if not item.content:
        raise ClientError("A message needs at least one content part.", param=f"{param}.content")
    for index, part in enumerate(item.content):
        place = f"{param}.content[{index}]"
        if isinstance(part, OutputAudio):
            raise ClientError("Assistant audio can't be created by a client.", param=f"{place}.type")
        if allowed is not None and not isinstance(part, allowed):
            names = " or ".join(f"'{kind.__struct_config__.tag}'" for kind in allowed)
            raise ClientError(f"A message of role '{item.role}' takes {names}.", param=f"{place}.type")
        if item.role == "user" and isinstance(part, OutputText):
            raise ClientError(
                "A message of role 'user' takes 'input_text', 'input_audio' or 'input_image'.", param=f"{place}.type"
            )
        if isinstance(part, InputAudio) and part.audio is UNSET and not part.transcript:
            raise ClientError("An 'input_audio' part needs 'audio'.", param=f"{place}.audio")

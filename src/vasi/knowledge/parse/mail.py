"""Mails: their headers as fields, what they say, and the documents attached to them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Final, cast

from vasi.errors import DocumentError
from vasi.knowledge.parse import encodings, html, text
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.dates import show_moment
from vasi.knowledge.parse.limits import ReadingLimits

_SHOWN: Final = ("Subject", "From", "To", "Cc", "Date")
DEEPEST: Final = 3
"""Mails within mails."""
_MOST_ATTACHMENTS: Final = 200
_QUOTED: Final = re.compile(r"^(?:> ?)+", re.MULTILINE)
_STUB: Final = 0.6
"""Share of the page's words below which the plain form of a mail is only a hint at it."""
_SIGNATURES: Final = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/pgp-keys"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail; ``is_shown`` if it belongs to how the mail looks, as a logo does."""

    name: str
    data: bytes
    is_shown: bool = False


def parse(data: bytes, limits: ReadingLimits, depth: int = 0) -> Parsed:
    """A mail as it is stored (RFC 5322).

    Raises:
        DocumentError: it has no headers.
    """
    try:
        message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    except (MessageError, ValueError, IndexError) as error:
        raise DocumentError("is a damaged mail: save it anew and add that.") from error
    fields = [(name, value) for name in _SHOWN if (value := _header(message, name))]
    if not fields and message.get_content_type() == "text/plain":
        raise DocumentError("isn't a mail: it has no headers.")
    plain, page, attachments = _parts(message)
    return compose(fields, body(plain, page), attachments, limits, depth)


def compose(
    fields: Sequence[tuple[str, str]],
    said: Sequence[Block],
    attachments: Sequence[Attachment],
    limits: ReadingLimits,
    depth: int,
) -> Parsed:
    """The blocks of a mail: its subject as heading, its headers one a line, its text, and what is attached."""
    subject = next((value for name, value in fields if name == "Subject"), "")
    blocks = [Block(subject, "heading", 1)] if subject else []
    if fields:
        blocks.append(Block("\n".join(f"{name}: {value}" for name, value in fields)))
    blocks += said
    warnings: list[str] = []
    for number, attachment in enumerate(attachments):
        if number == _MOST_ATTACHMENTS:
            warnings.append(f"Only {_MOST_ATTACHMENTS} of its {len(attachments)} attachments were read.")
            break
        _attach(attachment, limits, depth, blocks, warnings)
    return Parsed(blocks, subject, warnings=warnings)


def lower(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of what is attached: one level below its name, and on no page of the mail."""
    return [
        replace(block, level=min(block.level + 1, 10) if block.kind == "heading" else 0, page=None) for block in blocks
    ]


def date_of(message: Message) -> str:
    """The date of a mail by its headers; "" if they have none."""
    return _header(message, "Date")


def _attach(
    attachment: Attachment, limits: ReadingLimits, depth: int, blocks: list[Block], warnings: list[str]
) -> None:
    from vasi.knowledge.parse import readers

    name = clean(attachment.name).replace("\n", " ")
    try:
        if depth >= DEEPEST:
            raise DocumentError("is a mail in a mail in a mail: save it and add that.")
        parsed = readers.read_part(name, attachment.data, limits, depth + 1)
    except DocumentError as error:
        if not attachment.is_shown:
            warnings.append(f"Its attachment {name} wasn't read: it {error.message}")
        return
    except Exception as error:  # parsers raise anything on damaged files
        warnings.append(f"Its attachment {name} wasn't read: it is damaged ({type(error).__name__}).")
        return
    if not parsed.blocks:
        if not attachment.is_shown:
            warnings.append(f"Its attachment {name} has no text.")
        return
    blocks.append(Block(f"Attachment: {name}", "heading", 1))
    blocks += lower(parsed.blocks)
    warnings += [f"Its attachment {name}: {warning}" for warning in parsed.warnings]


def _header(message: Message, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except (MessageError, ValueError, IndexError, TypeError, AttributeError):
        value = ""
    if "=?" in value:
        with contextlib.suppress(MessageError, ValueError, LookupError):
            value = str(make_header(decode_header(value)))
    value = clean(value).replace("\n", " ")
    if name == "Date" and value:
        try:
            return show_moment(parsedate_to_datetime(value))
        except (ValueError, TypeError, IndexError):
            return value
    return value


def _parts(message: Message) -> tuple[str, str, list[Attachment]]:
    """The plain text of a mail, its page, and what is attached."""
    plain: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for part in _leaves(message, 0):
        kind = part.get_content_type()
        name = _file_name(part)
        disposition = str(part.get("Content-Disposition", "")).partition(";")[0].strip().lower()
        if kind == "message/rfc822":
            for inner in _inner(part):
                subject = _header(inner, "Subject") or "mail"
                attachments.append(Attachment(f"{subject}.eml", inner.as_bytes(policy=policy.default)))
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        if disposition != "attachment" and not name and kind in ("text/plain", "text/html"):
            (pages if kind == "text/html" else plain).append(_decode(payload, part.get_content_charset()))
        elif payload and not kind.startswith("multipart/"):
            is_shown = kind in _SIGNATURES or (kind.startswith("image/") and _is_inline(part))
            attachments.append(Attachment(name or f"part.{kind.rpartition('/')[2]}", payload, is_shown))
    return "\n\n".join(plain), "\n".join(pages), attachments


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """The parts that aren't made of others; a mail that is attached counts as one."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
    elif depth < 50:
        for part in _inner(message):
            yield from _leaves(part, depth + 1)


def _inner(message: Message) -> list[Message]:
    """The parts that a mail, or a part of it, is made of."""
    payload: object = message.get_payload()
    parts = cast("list[object]", payload) if isinstance(payload, list) else []
    return [cast("Message", part) for part in parts if isinstance(part, Message)]


def _file_name(part: Message) -> str:
    try:
        return part.get_filename("") or ""
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _is_inline(part: Message) -> bool:
    return part.get("Content-ID") is not None or "inline" in str(part.get("Content-Disposition", "")).lower()


def _decode(data: bytes, charset: str | None) -> str:
    try:
        return encodings.decode(data, charset).text
    except DocumentError:
        return data.decode("latin-1")


def body(plain: str, page: str) -> list[Block]:
    """The text of a mail. What is there as a page too is read as plain text, unless that only hints at it."""
    blocks = text.parse(_QUOTED.sub("", plain)).blocks if plain.strip() else []
    if not page:
        return blocks
    shown = html.parse(page).blocks
    words = sum(len(block.text.split()) for block in blocks)
    has_table = any(block.kind == "row" for block in shown)
    if has_table or words < _STUB * sum(len(block.text.split()) for block in shown):
        return shown
    return blocks

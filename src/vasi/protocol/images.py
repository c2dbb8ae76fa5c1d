"""Whether an image is one that a model can be shown."""

from __future__ import annotations

import binascii
from base64 import b64decode

from vasi.errors import ClientError

_BEGINNINGS = {"data:image/png;base64,": b"\x89PNG\r\n\x1a\n", "data:image/jpeg;base64,": b"\xff\xd8\xff"}


def check_image(url: str, param: str) -> None:
    """Raise ``ClientError`` unless ``url`` is a data URI that begins like the PNG or JPEG it says it is."""
    header = url[: url.find(",") + 1]
    beginning = _BEGINNINGS.get(header)
    if beginning is None:
        text = "An image is a data URI that begins with 'data:image/png;base64,' or 'data:image/jpeg;base64,'."
        raise ClientError(text, param=param)
    try:
        found = b64decode(url[len(header) : len(header) + 16], validate=True)
    except binascii.Error:
        found = b""
    if not found.startswith(beginning):
        raise ClientError(f"The image isn't what its data URI says: '{header[5:-8]}' as base64.", param=param)

"""What may be unpacked: Office files are ZIP archives, and a small archive may hold a huge file."""

from __future__ import annotations

import io
import zipfile

from vasi.errors import DocumentError

_RATIO = 150
"""Text packs 5 to 20 times; thousands of times is made on purpose."""
_RATIO_FROM = 5_000_000
_ENTRIES = 10_000


def entries(data: bytes, unpacked_bytes: int) -> frozenset[str] | None:
    """The names inside the archive ``data``; None if it isn't an archive.

    The sizes are those that the archive declares; reading an entry stops there, so they hold.

    Raises:
        DocumentError: unpacked it would be larger than ``unpacked_bytes``, or far larger than its file.
    """
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    total = sum(info.file_size for info in infos)
    if total > unpacked_bytes or len(infos) > _ENTRIES or total > max(_RATIO_FROM, _RATIO * len(data)):
        raise DocumentError(f"would unpack to {total / 1e6:,.0f} MB, which looks like a zip bomb: it was not opened.")
    if any(info.flag_bits & 1 for info in infos):
        raise DocumentError("is protected by a password: save a copy without it and add that.")
    return frozenset(info.filename for info in infos)

"""Parses multipart forms: files are written to disk as they come, and limited in size and number."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from vasi.errors import ClientError, LimitError
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.knowledge.uploads import Uploads, drop_files

MAX_FILES = 50
"""Files of one request."""
MAX_REQUEST_BYTES = 2_000_000_000
MAX_FIELD_BYTES = 200
MAX_HEADER_BYTES = 8_192
CHUNK_BYTES = 256 * 1024
"""So much is buffered before it's written."""


@dataclass(slots=True)
class DocumentForm:
    """What was sent: files, and the id of the document that the file replaces."""

    files: list[UploadedFile] = field(default_factory=list[UploadedFile])
    replace: str | None = None


class _FormReader:
    """Parses one body; runs in a thread, since it writes."""

    def __init__(self, boundary: bytes, uploads: Uploads) -> None:
        self.form = DocumentForm()
        self._lock = threading.Lock()
        """A request may be cancelled while a thread still writes."""
        self._dropped = False
        self._uploads = uploads
        self._name = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._header_bytes = 0
        self._field: str | None = None
        self._text = b""
        self._file: UploadedFile | None = None
        callbacks: Any = {
            "on_part_begin": self._on_part_begin,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def feed(self, data: bytes) -> None:
        """Parse the next part of the body."""
        with self._lock:
            if not self._dropped:
                self._parser.write(data)

    def finish(self) -> None:
        """The body is complete. Raises ``MultipartParseError`` if it isn't."""
        self._parser.finalize()
        if self._file is not None:
            raise MultipartParseError("The last part has no end.")

    def drop(self) -> None:
        """The form is refused: nothing of it stays, also of what is being written."""
        with self._lock:
            self._dropped = True
            drop_files(self.form.files)

    def _on_part_begin(self) -> None:
        self._headers, self._header_bytes, self._text, self._field, self._file = {}, 0, b"", None, None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += self._within_header_limit(data[start:end])

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._within_header_limit(data[start:end])

    def _within_header_limit(self, data: bytes) -> bytes:
        self._header_bytes += len(data)
        if self._header_bytes > MAX_HEADER_BYTES:
            raise LimitError("A part of the form has too long a header.")
        return data

    def _on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        if self._field != "files":
            raise ClientError(f"The form has a file called '{self._field[:40]}'; files are called 'files'.")
        if len(self.form.files) >= MAX_FILES:
            raise LimitError(f"A request may bring {MAX_FILES} files: send the others in another one.", param="files")
        self._file = self._uploads.begin(options[b"filename"].decode("utf-8", "replace"))
        self.form.files.append(self._file)

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > MAX_FIELD_BYTES:
            raise LimitError(f"The field '{self._field}' is too long.", param=self._field)

    def _on_part_end(self) -> None:
        if self._file is not None:
            self._file.finish()
            self._file = None
        elif self._field == "replace":
            self.form.replace = self._text.decode("utf-8", "replace").strip() or None
        else:
            raise ClientError(f"The form has a field '{(self._field or '')[:40]}', but there are only: files, replace.")


async def read_form(request: Request, uploads: Uploads) -> DocumentForm:
    """The form of a request, its files on disk; of one that is refused nothing stays there.

    Raises:
        ClientError: it's none, it brings nothing, it breaks off, or several files are to replace one document.
        LimitError: it's too large, or brings too many files.
        StoreError: the disk is full.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise ClientError("Files come as multipart/form-data, in fields called 'files'.", param="files")
    reader = _FormReader(boundary, uploads)
    total = 0
    buffer = bytearray()
    try:
        async for piece in request.stream():
            total += len(piece)
            if total > MAX_REQUEST_BYTES:
                raise LimitError(f"A request may be {MAX_REQUEST_BYTES // 1_000_000:,} MB large: send fewer files.")
            buffer += piece
            if len(buffer) >= CHUNK_BYTES:
                await asyncio.to_thread(reader.feed, bytes(buffer))
                buffer.clear()
        await asyncio.to_thread(reader.feed, bytes(buffer))
        await asyncio.to_thread(reader.finish)
        form = reader.form
        if not form.files:
            raise ClientError("The request brings no file; put files into fields called 'files'.", param="files")
        if form.replace is not None and len(form.files) > 1:
            raise ClientError("Only one file can take the place of a document.", param="replace")
    except (ClientDisconnect, MultipartParseError):
        await asyncio.to_thread(reader.drop)
        raise ClientError("The multipart body is incomplete or malformed.", param="files") from None
    except BaseException:
        await asyncio.to_thread(reader.drop)
        raise
    return form

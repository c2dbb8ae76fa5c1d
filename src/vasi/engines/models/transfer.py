"""Files from addresses of the web: resumed where they stopped, and given up quickly where nobody answers.

The proxy of the environment (``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY``) is used, and where ``HF_ENDPOINT`` names a
mirror of Hugging Face, that.
"""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx2

from vasi import __version__
from vasi.engines.models.catalogue import Export
from vasi.errors import EngineError

Advance: TypeAlias = Callable[[int], None]
"""Told how many bytes of the file there are; what it raises ends the transfer."""

ANSWER_S = 5.0
"""Seconds for a host to answer; one that doesn't is passed over from then on."""
_STALL_S = 20.0
"""Seconds without a byte after which the connection counts as lost."""
_TRIES = 4
"""Connections in a row that may bring nothing more."""
_HUGGING_FACE = "https://huggingface.co"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

# Some of the hosts refuse what Python's own clients call themselves.
_HEADERS = {"User-Agent": f"Mozilla/5.0 (compatible; vasi/{__version__})", "Accept-Encoding": "identity"}


class Transfers(AbstractContextManager["Transfers"]):
    """Transfers of one download; remembers which hosts don't answer."""

    def __init__(self) -> None:
        self._silent: set[str] = set()
        timeout = httpx2.Timeout(_STALL_S, connect=ANSWER_S)
        try:
            self._client = httpx2.Client(follow_redirects=True, timeout=timeout, headers=_HEADERS)
        except (ValueError, ImportError) as error:
            raise EngineError(f"The proxy in the environment can't be used: {error}.") from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self._client.close()

    def fetch(self, url: str, part: Path, content: Export, advance: Advance) -> None:
        """Put what is at ``url`` into ``part``, after what is there already. Blocks.

        Raises:
            EngineError: half a sentence that says why it can't be fetched; what came is kept.
            OSError: ``part`` can't be written.
        """
        url = _mirrored(url)
        host = urlsplit(url).netloc
        if host in self._silent:
            raise EngineError(f"{host} doesn't answer")
        tries = 0
        while True:
            before = part.stat().st_size if part.exists() else 0
            if before > content.bytes:
                part.unlink()
                before = 0
            advance(before)
            if before == content.bytes:
                return
            problem = self._continue(url, host, part, before, content, advance)
            after = part.stat().st_size if part.exists() else 0
            tries = 0 if after > before else tries + 1
            if after < content.bytes and tries >= _TRIES:
                raise EngineError(problem or f"the connection to {host} is lost again and again", retryable=True)

    def _continue(self, url: str, host: str, part: Path, start: int, content: Export, advance: Advance) -> str:
        """Fetch what comes after the first ``start`` bytes, as far as the connection lasts; how it was lost, or ""."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            response = self._answer(self._client.build_request("GET", url, headers=headers), host)
        except httpx2.TransportError as error:
            if start == 0:
                self._silent.add(host)
                raise EngineError(f"{host} can't be reached ({_reason(error)})", retryable=True) from None
            return f"{host} can't be reached ({_reason(error)})"
        except httpx2.HTTPError as error:
            raise EngineError(f"{host} answers wrongly ({_reason(error)})") from None
        try:
            if response.status_code == 416:  # what is there doesn't fit to what the server has
                part.unlink(missing_ok=True)
                return f"{host} doesn't continue the file"
            if response.status_code not in (200, 206):
                raise EngineError(
                    f"{host} answers {response.status_code}", retryable=response.status_code in (429, 500, 502, 503)
                )
            at = _position(response, start, content, host)
            with part.open("r+b" if part.exists() else "wb") as file:
                file.truncate(at)
                file.seek(at)
                for piece in response.iter_raw():
                    at += len(piece)
                    if at > content.bytes:
                        file.truncate(0)
                        raise EngineError(f"{host} sends another file: it is longer than {content.bytes:,} bytes")
                    file.write(piece)
                    advance(at)
        except httpx2.HTTPError as error:
            return f"the connection to {host} is lost ({_reason(error)})"
        finally:
            response.close()
        return ""

    def _answer(self, request: httpx2.Request, host: str) -> httpx2.Response:
        """The head of the answer. Whatever it waits for (names, proxies, the host itself) is given up after a while."""
        answers: queue.SimpleQueue[httpx2.Response | Exception] = queue.SimpleQueue()
        given_up = threading.Event()

        def ask() -> None:
            try:
                response = self._client.send(request, stream=True)
            except Exception as error:  # it is the caller's
                answers.put(error)
                return
            answers.put(response)
            if given_up.is_set():
                response.close()

        threading.Thread(target=ask, name="download", daemon=True).start()
        try:
            answer = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            given_up.set()
            raise httpx2.ConnectTimeout(f"no answer within {ANSWER_S:.0f} s", request=request) from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _position(response: httpx2.Response, start: int, content: Export, host: str) -> int:
    """Where in the file the body begins. Raises ``EngineError`` if it's announced to be another file."""
    if response.status_code == 206:
        announced = _RANGE.match(response.headers.get("content-range", ""))
        if announced is None or int(announced[1]) != start:
            raise EngineError(f"{host} sends another part of the file than was asked for")
        total, at = announced[2], start
    else:
        total, at = response.headers.get("content-length", "*"), 0
    if total.isdecimal() and int(total) != content.bytes:
        raise EngineError(f"{host} has another file: it is {int(total):,} bytes long, not {content.bytes:,}")
    return at


def _mirrored(url: str) -> str:
    """``url``, at the mirror of Hugging Face that the environment names as that site's own tools have it."""
    mirror = os.environ.get("HF_ENDPOINT", "").rstrip("/")
    return mirror + url.removeprefix(_HUGGING_FACE) if mirror and url.startswith(f"{_HUGGING_FACE}/") else url


def _reason(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__

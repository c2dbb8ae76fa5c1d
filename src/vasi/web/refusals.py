"""Refusals as HTTP answers, in the shape that OpenAI's clients read."""

from __future__ import annotations

import logging
import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from vasi.errors import OverloadedError, StoreError, VasiError

log = logging.getLogger(__name__)

TOO_MANY = "rate_limit_exceeded"
"""Code of a ``LimitError`` that waiting helps against."""


_PATH = re.compile(
    r"(?<![\w/:.])(?!/(?:v1|api|openai)\b)(?:[A-Za-z]:(?:\\[^\\\s'\"]{1,255}){0,40}\\|/(?:[^/\s'\"]{1,255}/){1,40})([^/\\\s'\",;:]{1,255})"
)
"""With at most 40 folders: a row of slashes without end would be read anew from each of them."""


def without_paths(text: str) -> str:
    """``text`` with the names of files in place of their paths, which clients aren't told."""
    return _PATH.sub(r"\1", text)


def refused(
    status: int, code: str | None, message: str, *, kind: str = "invalid_request_error", param: str | None = None
) -> JSONResponse:
    """An answer that refuses a request."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status, headers)


def refused_for(error: VasiError) -> JSONResponse:
    """The answer that reports ``error``."""
    status = 429 if error.code == TOO_MANY else error.http_status
    message = without_paths(error.message) if status >= 500 else error.message
    answer = refused(status, error.code, message, kind=error.event_type, param=error.param)
    if isinstance(error, OverloadedError):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


async def report(_: Request, error: Exception) -> JSONResponse:
    """Starlette's handler of ``VasiError`` and ``HTTPException``."""
    if isinstance(error, VasiError):
        if isinstance(error, StoreError) and error.http_status >= 500:
            log.error("%s", error)
        return refused_for(error)
    assert isinstance(error, HTTPException)
    answer = refused(error.status_code, None, f"{error.detail}.")
    answer.headers.update(error.headers or {})
    return answer

"""The cookie of a browser that is signed in: an opaque secret, for this server's own pages."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

SECURE = "__Host-vasi"
"""Its name on HTTPS: browsers take it from this host alone, and for no other."""
PLAIN = "vasi-session"
"""Its name on plain HTTP, where there is no such promise."""


def session_secret(connection: HTTPConnection, origin: str) -> str | None:
    """The secret that a browser shows; None if it shows none.

    Args:
        connection: the request or handshake.
        origin: that by which it reached the server.
    """
    return connection.cookies.get(_name(origin)) or None


def set_session(response: Response, secret: str, origin: str, seconds: int) -> None:
    """Have the browser show ``secret`` from now on, for so long."""
    response.set_cookie(
        _name(origin), secret, max_age=seconds, path="/", secure=_is_secure(origin), httponly=True, samesite="lax"
    )


def clear_session(response: Response, origin: str) -> None:
    """Have the browser forget its secret."""
    response.delete_cookie(_name(origin), path="/", secure=_is_secure(origin), httponly=True, samesite="lax")


def _is_secure(origin: str) -> bool:
    return origin.startswith("https:")


def _name(origin: str) -> str:
    return SECURE if _is_secure(origin) else PLAIN

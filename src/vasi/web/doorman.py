"""Who may knock: browsers only from this server's own pages or from this machine.

Nobody signs in on loopback, so any web page that the user happens to look at could open a socket to it and read the
documents. Two headers that a page can't forge tell: ``Origin`` says whose page it is, ``Host`` under which name it
reached us (a hostile name may have been made to point here).
"""

from __future__ import annotations

import contextlib
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers


def refusal(headers: Headers, bound_to: str) -> str | None:
    """Why a request is turned away, as a sentence; None if it may come in.

    Args:
        headers: of the request.
        bound_to: the address that the server listens on.
    """
    host = headers.get("host", "")
    if is_loopback(bound_to) and not is_loopback(_name(host)):
        return f"This server answers only to names of this machine, not to {host!r}."
    origin = headers.get("origin")
    if origin is None:
        return None
    with contextlib.suppress(ValueError):
        page = urlsplit(origin)
        if page.netloc == host or (is_loopback(bound_to) and is_loopback(page.hostname or "")):
            return None
    return f"Pages of {origin!r} may not use this server."


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

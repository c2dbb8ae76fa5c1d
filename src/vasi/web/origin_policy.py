"""Which web pages may use the server, and under which names it answers.

Nobody signs in on loopback, so any page that the user happens to look at could read the documents. Headers that a page
can't forge tell: ``Origin`` whose page it is, ``Host`` under which name it reached us (a hostile name may have been
made to point here), and ``Sec-Fetch-Site``, where there is no ``Origin``, whether it came from another site. Programs
send neither ``Origin`` nor ``Sec-Fetch-Site``.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", re.ASCII)
_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}
_OWN_SITE = (None, "same-origin", "none")
_SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a request.

    Attributes:
        refusal: why it's refused, as a sentence; None if it may go on.
        shared_with: the origin of another site whose pages may read the answer; None if there is none.
    """

    refusal: str | None = None
    shared_with: str | None = None


class OriginPolicy:
    """Judges where requests come from.

    Args:
        bound_to: the address listened on.
        origins: of other sites whose pages may use the server.
        hosts: names of the server besides those that it knows itself.
        keyed: clients need a key; then pages of this machine may use a server that only this machine reaches.
        public_url: under which browsers reach it, where a proxy in between hides that; None for as they ask for it.
    """

    def __init__(
        self,
        bound_to: str,
        *,
        origins: Iterable[str] = (),
        hosts: Iterable[str] = (),
        keyed: bool = False,
        public_url: str | None = None,
    ) -> None:
        self._public_url = public_url
        self._local = is_loopback(bound_to)
        names = {bound_to.lower(), *(host.lower() for host in hosts)}
        if not self._local:
            own = socket.gethostname().lower()
            names |= {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
        self._names = frozenset(names)
        self._origins = frozenset(filter(None, map(_normal, origins)))
        self._keyed = keyed

    def judge(self, headers: Headers, scheme: str, *, method: str = "GET", page: bool = False) -> Verdict:
        """Whether a request may go on.

        Args:
            headers: its headers.
            scheme: that of the connection, like ``https`` or ``ws``.
            method: how it's asked.
            page: it's for something that is made to be looked at, to which other sites may link.
        """
        host = headers.get("host", "").lower()
        if not self.answers_to(host):
            return Verdict(
                f"This server doesn't answer to the name {host[:200]!r}; if it's one of the server's names, add it to "
                "the setting 'hosts'."
            )
        origin = headers.get("origin")
        if origin is not None and _normal(origin) != _normal(f"{_web(scheme)}://{host}"):
            if self._shares_with(origin):
                return Verdict(shared_with=origin)
            return Verdict(
                f"Pages of {origin[:200]!r} may not use this server; its setting 'origins' lists those that may."
            )
        if headers.get("sec-fetch-site") not in _OWN_SITE:
            linked = page and method in _SAFE and headers.get("sec-fetch-mode") in (None, "navigate")
            if not linked:
                return Verdict("Pages of other sites may not use this server.")
        return Verdict()

    def cookie_refusal(self, headers: Headers, scheme: str, *, method: str = "GET") -> str | None:
        """Why a cookie may not stand for its user in a request or handshake that may go on; None if it may.

        A browser adds the cookie to requests that pages of other sites make, too. So what changes something, and every
        handshake, has to come from a page of this server, as the browser says itself.

        Args:
            headers: of the request.
            scheme: that of the connection, like ``https`` or ``ws``.
            method: how it's asked.
        """
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        refusal = "Only pages of this server may act for a user who is signed in; programs send a key."
        if site not in _OWN_SITE:
            return refusal
        if origin is not None:
            normal = _normal(origin)
            own = _normal(self.public_origin(headers, scheme))
            return None if normal is not None and (normal == own or normal in self._origins) else refusal
        if scheme in ("ws", "wss"):
            return refusal
        return None if method in _SAFE or site == "same-origin" else refusal

    def public_origin(self, headers: Headers, scheme: str) -> str:
        """The origin by which a client reaches this server, like ``https://vasi.example.com``.

        Where a proxy ends TLS and doesn't say so, it's known by the settings ``auth.public_url`` or ``origins``.
        """
        if self._public_url is not None:
            return self._public_url
        host = headers.get("host", "").lower()
        secure = _web(scheme) == "https" or _normal(f"https://{host}") in self._origins
        return f"http{'s' if secure else ''}://{host}"

    def answers_to(self, host: str) -> bool:
        """Whether a ``Host`` header names this server. Addresses do, wherever they are listened on.

        A page of a hostile name that was made to point here has that name in its requests, never an address.
        """
        authority = _AUTHORITY.fullmatch(host)
        if authority is None:
            return False
        name = authority[1].strip("[]").rstrip(".")
        if name in self._names or is_loopback(name):
            return True
        return not self._local and _is_address(name)

    def _shares_with(self, origin: str) -> bool:
        normal = _normal(origin)
        if normal is None:
            return False
        if normal in self._origins:
            return True
        authority = _AUTHORITY.fullmatch(normal.partition("://")[2])
        return self._keyed and self._local and authority is not None and is_loopback(authority[1].strip("[]"))


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def _normal(origin: str) -> str | None:
    """An origin in small letters and with its port; None if it's none, such as ``null``."""
    scheme, mark, rest = origin.lower().partition("://")
    authority = _AUTHORITY.fullmatch(rest)
    if not mark or scheme not in ("http", "https") or authority is None:
        return None
    return f"{scheme}://{authority[1]}:{int(authority[2] or _PORTS[scheme])}"


def _web(scheme: str) -> str:
    return {"ws": "http", "wss": "https"}.get(scheme, scheme)

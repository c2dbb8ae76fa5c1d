"""Where the database is: a PostgreSQL URL, as the setting ``store`` has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from vasi.errors import ConfigError

SCHEMES = ("postgresql", "postgres")
_POOL = 10
_CONNECT_S = 10.0
_KNOWN = frozenset({"host", "port", "sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "user", "password"})
"""Parameters of libpq that the driver takes in a URL."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect.

    Attributes:
        dsn: the URL for the driver.
        pool_size: most connections at a time.
        shown: for people, without the password.
    """

    dsn: str
    pool_size: int
    shown: str

    @property
    def arguments(self) -> dict[str, Any]:
        """What the driver connects with."""
        return {"dsn": self.dsn, "timeout": _CONNECT_S}


def parse_address(url: str) -> Address:
    """``postgresql://user:password@host:port/database?sslmode=require&pool_size=20``.

    Raises:
        ConfigError: it isn't such a URL, or has an unknown parameter.
    """
    try:
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        pool_size = int(parameters.pop("pool_size", _POOL))
        where = parts.hostname or parameters.get("host", "localhost")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ConfigError(f"The setting store isn't a PostgreSQL URL: {error}.", param="store") from None
    if parts.scheme not in SCHEMES or not 1 <= pool_size <= 1_000:
        raise ConfigError(
            "The setting store takes postgresql://user:password@host:port/database, with pool_size from 1 to 1000.",
            param="store",
        )
    if unknown := sorted(set(parameters) - _KNOWN):
        raise ConfigError(
            f"The setting store has unknown parameters ({', '.join(unknown)}); there are only pool_size,"
            f" {', '.join(sorted(_KNOWN))}.",
            param="store",
        )
    dsn = urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(parameters), ""))
    return Address(dsn, pool_size, f"{where}{port}{parts.path}")

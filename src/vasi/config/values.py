"""Types of settings' values: addresses and secrets, which are checked when they are read and not when they are used."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, SecretStr

TABLE = ConfigDict(frozen=True, extra="forbid", validate_default=True)
"""How every table of settings is read."""


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise ValueError("it is not an http(s) URL, like http://localhost:11434/v1")
    return value


def _check_realtime_url(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    try:
        return _check_url({"ws": "http", "wss": "https"}.get(scheme, scheme) + mark + rest)
    except ValueError:
        raise ValueError("it is not an http(s) or ws(s) URL, like https://YOUR-RESOURCE.openai.azure.com") from None


def _check_key(value: SecretStr) -> SecretStr:
    if set(value.get_secret_value()) & set(" \"'"):
        raise ValueError("it holds a space or a quotation mark, and keys don't; copy it again, and nothing around it")
    return _check_header(value)


def _check_header(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable():
        raise ValueError(
            "it holds a character that can't be sent, like a line break or an accented letter; copy it again"
        )
    return value


def _origin(value: str) -> str:
    if not re.fullmatch(r"https?://[\w.:\[\]-]+", _check_url(value).rstrip("/"), re.ASCII):
        raise ValueError("it is no origin: a scheme, a name and perhaps a port, like https://example.com")
    return value.rstrip("/").lower()


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,253}|[0-9a-fA-F:.]+", value, re.ASCII):
        raise ValueError("it is no host name, like vasi.example.com, without scheme and port")
    return value.lower()


Address: TypeAlias = Annotated[str, AfterValidator(_check_url)]
"""An ``http`` or ``https`` URL."""

Origin: TypeAlias = Annotated[str, AfterValidator(_origin)]
"""What a browser calls the site of a page."""

HostName: TypeAlias = Annotated[str, AfterValidator(_host_name)]
"""The name of a machine, without a port."""

Key: TypeAlias = Annotated[SecretStr, AfterValidator(_check_key)]
"""An API key: what goes into an HTTP header and into no log."""

Secret: TypeAlias = Annotated[SecretStr, AfterValidator(_check_header)]
"""Another header that nobody shall read."""


RealtimeAddress: TypeAlias = Annotated[str, AfterValidator(_check_realtime_url)]
"""The same, or a ``ws`` or ``wss`` URL."""

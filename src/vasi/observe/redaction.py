"""Log lines without keys: what identifies a client is cut out of everything before it's written."""

from __future__ import annotations

import logging
import re

HIDDEN = "[hidden]"
SHOWN_PARAMETERS = frozenset({"model", "deployment", "api-version", "intent", "call_id"})
"""Query parameters that may be read in a log."""

_PARAMETER = re.compile(r"([?&])([^=&?\s\"'<>]++)=([^&\s\"'<>]*+)")
_NAME = (
    r"(?<![?&\w-])(?:(?:proxy-)?authorization|(?:x[-_])?api[-_]?key|x-vasi-resume-token|resume_token|(?:set-)?cookie"
    r"|client_secret|access_token|refresh_token|sec-websocket-protocol|mcp-session-id)"
)
"""What a key, a token or a session goes by in headers, settings and bodies."""
_SECRETS = (
    # Between quotes of any kind, escaped or not: up to the same quote at the end of the value.
    re.compile(
        rf"({_NAME}\\*['\"]?\s{{0,4}}[:=,]\s{{0,4}}b?(\\*['\"]))(?:(?!(?<!\\)\2(?:[\s,;:)\]}}]|\\|$)).)*+",
        re.IGNORECASE,
    ),
    # A line of a handshake: whatever a key is made of, the rest of the line isn't shown.
    re.compile(rf"({_NAME}(?:\s+header)?\s{{0,4}}:(?!\s{{0,4}}b?\\*['\"]))(?!/).*+", re.IGNORECASE),
    re.compile(rf"({_NAME}\s?=\s?)(?!\\*['\"])[^\s,;&]*+", re.IGNORECASE),
    re.compile(r"(\bIllegal header (?:name|value) ).*+", re.IGNORECASE),  # as h11 says it
    re.compile(r"()\bek_[\w-]+"),
    re.compile(r"()\bvasi_[\w-]{30,}"),
    re.compile(r"((?:__Host-vasi|vasi-session|invitation)=)[\w-]+"),
    re.compile(r"()\b(?:sk|rk|pk|ek)[-_][\w.-]{4,}"),
    re.compile(r"()\beyJ[\w-]{4,}+(?:\.[\w-]*+)*+"),
    re.compile(r"(openai-insecure-api-key\.)[^\s,\"']+", re.IGNORECASE),
    re.compile(r"(\bbearer\s+)[^\s,\"'\\]+", re.IGNORECASE),
)


def redacted(line: str) -> str:
    """``line`` without keys, and with only those query parameters that are known to be harmless."""
    line = _PARAMETER.sub(_without_value, line)
    for pattern in _SECRETS:
        line = pattern.sub(rf"\1{HIDDEN}", line)
    return line


def _without_value(found: re.Match[str]) -> str:
    return found[0] if found[2] in SHOWN_PARAMETERS else f"{found[1]}{found[2]}={HIDDEN}"


class RedactingFormatter(logging.Formatter):
    """Formats as usual, tracebacks included, and then cuts the keys out."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))

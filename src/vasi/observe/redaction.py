"""Log lines without keys: what identifies a client is cut out of everything before it's written."""

from __future__ import annotations

import logging
import re

HIDDEN = "[hidden]"
TOLD = frozenset({"model", "deployment", "api-version", "intent", "call_id"})
"""Query parameters that may be read in a log."""

_PARAMETER = re.compile(r"([?&])([^=&\s\"'<>]+)=([^&\s\"'<>]*)")
_KEYS = (
    # A line of a handshake: whatever a key is made of, the rest of the line isn't told.
    re.compile(r"([<>] (?:authorization|api-key|x-vasi-resume-token|sec-websocket-protocol): ).*", re.IGNORECASE),
    re.compile(r"()\bek_[\w-]+"),
    re.compile(r"(openai-insecure-api-key\.)[^\s,\"']+", re.IGNORECASE),
    re.compile(r"(\bbearer\s+)[^\s,\"']+", re.IGNORECASE),
    re.compile(r"(\bapi-key\b['\"]?(?:\s+header)?\s*[:,]\s*b?['\"]?)[^\s,\"']+", re.IGNORECASE),
)


def redacted(line: str) -> str:
    """``line`` without keys, and with only those query parameters that are known to be harmless."""
    line = _PARAMETER.sub(lambda found: found[0] if found[2] in TOLD else f"{found[1]}{found[2]}={HIDDEN}", line)
    for pattern in _KEYS:
        line = pattern.sub(lambda found: f"{found[1]}{HIDDEN}", line)
    return line


class RedactingFormatter(logging.Formatter):
    """Formats as usual, tracebacks included, and then cuts the keys out."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))

"""How a value that fails validation is refused in the words of the Realtime API."""

from __future__ import annotations

import re

import msgspec

from vasi.errors import ClientError

_PATH = re.compile(r" - at (?:`key` in )?`([^`]+)`$")
_FIELD = re.compile(r"field `([^`]+)`")


def refuse(error: msgspec.ValidationError, root: str = "") -> ClientError:
    """The API's error for a value that msgspec refused; ``root`` is put before its path."""
    text = str(error)
    found = _PATH.search(text)
    path = found.group(1).removeprefix("$").lstrip(".").replace("[...]", "") if found else ""
    reason = _PATH.sub("", text)
    field = _FIELD.search(reason)
    param = ".".join(part for part in (root, path) if part)
    if field and ("unknown field" in reason or "missing required field" in reason):
        param = ".".join(part for part in (param, field.group(1)) if part)
        if "unknown" in reason:
            return ClientError(f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)
        missing = f"Missing required parameter: '{param}'."
        return ClientError(missing, code="missing_required_parameter", param=param)
    if param.endswith("output_modalities"):
        reason = 'it\'s ["audio"], which comes with its transcript, or ["text"]'
    kind = "invalid_type" if re.match(r"Expected `[^`]+`, got", reason) else "invalid_value"
    word = "type" if kind == "invalid_type" else "value"
    return ClientError(f"Invalid {word} for '{param}': {reason}.", code=kind, param=param or None)

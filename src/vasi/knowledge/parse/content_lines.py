"""The lines that calendars (RFC 5545) and contacts (RFC 6350 and before) are written in."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FOLD: Final = re.compile(r"\r?\n[ \t]")
_PARAMETER: Final = re.compile(r'([^=;:"]{1,60})(?:=((?:"[^"]*+"|[^";:])*+))?')
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_QUOTED_PRINTABLE: Final = "quoted-printable"


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property: its name in capitals, without a group, its parameters by names in capitals, and its value.

    Parameters without a name, as old contacts have them, are types.
    """

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a text."""
        return _ESCAPE.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), self.value)

    def parts(self, mark: str = ";") -> list[str]:
        """The parts of the value that ``mark`` divides, each as a text."""
        parts: list[list[str]] = [[]]
        escaped = False
        for letter in self.value:
            if escaped:
                parts[-1].append("\n" if letter in "nN" else letter)
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == mark:
                parts.append([])
            else:
                parts[-1].append(letter)
        return ["".join(part).strip() for part in parts]


def read_lines(text: str) -> Iterator[ContentLine]:
    """The properties in ``text``; lines that are none are left out."""
    lines = iter(_FOLD.sub("", text).splitlines())
    for line in lines:
        name, parameters, value = _split(line)
        if not name:
            continue
        if parameters.get("ENCODING", "").lower() == _QUOTED_PRINTABLE or _QUOTED_PRINTABLE in _types(parameters):
            pieces = [value]
            while pieces[-1].endswith("="):
                pieces[-1] = pieces[-1][:-1]
                pieces.append(next(lines, "").lstrip())
            value = _unquoted("".join(pieces), parameters.get("CHARSET", "utf-8"))
        yield ContentLine(name, parameters, value)


def _split(line: str) -> tuple[str, dict[str, str], str]:
    at = 0
    name = ""
    parameters: dict[str, str] = {}
    while (match := _PARAMETER.match(line, at)) is not None:
        key, value = match.group(1).strip(), match.group(2)
        if not name:
            name = key.rpartition(".")[2].upper()
            if value is not None:
                return "", {}, ""
        elif value is None:
            parameters["TYPE"] = ",".join(filter(None, (parameters.get("TYPE", ""), key)))
        else:
            key = key.upper()
            value = value.replace('"', "")
            parameters[key] = f"{parameters[key]},{value}" if key == "TYPE" and key in parameters else value
        at = match.end()
        if line[at : at + 1] == ":":
            return name, parameters, line[at + 1 :]
        if line[at : at + 1] != ";":
            break
        at += 1
    return "", {}, ""


def _types(parameters: dict[str, str]) -> list[str]:
    return parameters.get("TYPE", "").lower().split(",")


def _unquoted(value: str, charset: str) -> str:
    data = binascii.a2b_qp(value.encode("latin-1", "replace"))
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")

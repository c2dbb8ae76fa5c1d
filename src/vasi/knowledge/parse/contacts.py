"""Contacts (vCard): one record for each, with the names of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, clean, row
from vasi.knowledge.parse.content_lines import ContentLine, read_lines
from vasi.knowledge.parse.dates import MONTHS

_FIELDS: Final = {
    "NICKNAME": "Nickname", "ORG": "Organisation", "TITLE": "Title", "ROLE": "Role", "TEL": "Phone", "EMAIL": "E-mail",
    "ADR": "Address", "URL": "Website", "BDAY": "Birthday", "ANNIVERSARY": "Anniversary", "CATEGORIES": "Categories",
    "NOTE": "Note", "RELATED": "Related", "IMPP": "Messenger",
}  # fmt: skip
_TYPES: Final = {"cell": "mobile", "home": "home", "work": "work", "fax": "fax", "pager": "pager"}
_DATE: Final = re.compile(r"(\d{4}|--)-?(\d{2})-?(\d{2})(?:T.*)?")


def parse(text: str) -> Parsed:
    """The contacts in ``text``.

    Raises:
        DocumentError: there are none.
    """
    blocks: list[Block] = []
    fields: dict[str, str] = {}
    for line in read_lines(text):
        if line.name == "BEGIN":
            fields = {}
        elif line.name == "END":
            if record := row(list(fields), list(fields.values())):
                blocks.append(Block(record, "row"))
        else:
            _add(fields, line)
    if not blocks:
        raise DocumentError("holds no contacts: export them anew as vCard, then add that.")
    return Parsed(blocks)


def _add(fields: dict[str, str], line: ContentLine) -> None:
    if line.name == "FN" or (line.name == "N" and "Name" not in fields):
        name = line.text if line.name == "FN" else " ".join(_name(line))
        if name := clean(name):
            # The name comes first, wherever it stands.
            others = {key: value for key, value in fields.items() if key != "Name"}
            fields.clear()
            fields.update({"Name": name, **others})
        return
    label = _FIELDS.get(line.name)
    value = clean(_value(line)).replace("\n", ", ")
    if not label or not value:
        return
    kinds = [_TYPES[kind] for kind in line.parameters.get("TYPE", "").lower().split(",") if kind in _TYPES]
    label = f"{label} ({', '.join(dict.fromkeys(kinds))})" if kinds else label
    fields[label] = f"{fields[label]}, {value}" if label in fields else value


def _name(line: ContentLine) -> Iterator[str]:
    """Title, given names and family name."""
    parts = [*line.parts(), "", "", "", "", ""]
    yield from filter(None, (parts[3], parts[1], parts[2], parts[0], parts[4]))


def _value(line: ContentLine) -> str:
    match line.name:
        case "ADR":
            box, extended, street, city, region, code, country, *_ = [*line.parts(), *[""] * 7]
            place = " ".join(filter(None, (code, city)))
            return ", ".join(filter(None, (box, extended, street, place, region, country)))
        case "ORG":
            return ", ".join(filter(None, line.parts()))
        case "CATEGORIES":
            return ", ".join(filter(None, line.parts(",")))
        case "BDAY" | "ANNIVERSARY":
            return _date(line.text)
        case "TEL" | "IMPP" | "RELATED":
            return line.text.removeprefix("tel:")
        case _:
            return line.text


def _date(text: str) -> str:
    match = _DATE.fullmatch(text.strip())
    if match is None or not 1 <= int(match.group(2)) <= 12:
        return text
    year, month, day = match.groups()
    date = f"{int(day)} {MONTHS[int(month) - 1]}"
    return date if year == "--" else f"{date} {year}"

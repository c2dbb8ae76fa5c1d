"""Calendars (iCalendar): one record for each event or task, its times as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, clean, row
from vasi.knowledge.parse.content_lines import ContentLine, read_lines
from vasi.knowledge.parse.dates import DAYS, show_date

_KINDS: Final = {"VEVENT": "Event", "VTODO": "Task", "VJOURNAL": "Entry"}
_TEXTS: Final = {
    "LOCATION": "Place", "DESCRIPTION": "Notes", "CATEGORIES": "Categories", "URL": "Link", "COMMENT": "Comment",
}  # fmt: skip
_PEOPLE: Final = {"ORGANIZER": "Organiser", "ATTENDEE": "Participants"}
_MOMENT: Final = re.compile(r"(\d{8})(?:T(\d{4})\d{0,2}(Z)?)?")
_UNITS: Final = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour"}
_WEEKDAYS: Final[dict[str, str]] = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), DAYS, strict=True))
_PLACES: Final = {"1": "first ", "2": "second ", "3": "third ", "4": "fourth ", "5": "fifth ", "-1": "last "}
_DURATION: Final = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:\d{1,7}S)?)?")


def parse(text: str) -> Parsed:
    """The events and tasks in ``text``, in order.

    Raises:
        DocumentError: there are none.
    """
    blocks: list[Block] = []
    title = ""
    entry: dict[str, list[ContentLine]] = {}
    open_parts: list[str] = []
    for line in read_lines(text):
        if line.name == "BEGIN":
            open_parts.append(line.value.upper())
            entry = {} if line.value.upper() in _KINDS else entry
        elif line.name == "END":
            if open_parts:
                open_parts.pop()
            if (kind := _KINDS.get(line.value.upper())) is not None:
                fields = dict(_fields(kind, entry))
                if record := row(list(fields), list(fields.values())):
                    blocks.append(Block(record, "row"))
        elif line.name == "X-WR-CALNAME":
            title = clean(line.text).replace("\n", " ")
        elif open_parts and open_parts[-1] in _KINDS:
            entry.setdefault(line.name, []).append(line)
    if not blocks:
        raise DocumentError("holds no events: export the calendar anew, then add that.")
    return Parsed(blocks, title)


def _fields(kind: str, entry: dict[str, list[ContentLine]]) -> Iterator[tuple[str, str]]:
    texts = {name: ", ".join(clean(line.text).replace("\n", ", ") for line in lines) for name, lines in entry.items()}
    yield kind, texts.get("SUMMARY", "")
    yield from _times(entry)
    for name in ("DUE", "COMPLETED"):
        if name in entry and (moment := _moment(entry[name][0])):
            yield name.capitalize(), _show(*moment)
    if "RRULE" in entry:
        yield "Repeats", _rule(entry["RRULE"][0].value)
    for name, label in _TEXTS.items():
        yield label, texts.get(name, "")
    if (status := texts.get("STATUS", "").lower()) not in {"", "confirmed"}:
        yield "Status", status
    for name, label in _PEOPLE.items():
        lines = entry.get(name, [])
        people = (line.parameters.get("CN") or line.text.lower().removeprefix("mailto:") for line in lines)
        yield label, ", ".join(people)


def _times(entry: dict[str, list[ContentLine]]) -> Iterator[tuple[str, str]]:
    start = _moment(entry["DTSTART"][0]) if "DTSTART" in entry else None
    if start is None:
        return
    begins, has_time, zone = start
    end = _moment(entry["DTEND"][0]) if "DTEND" in entry else None
    ends = end[0] if end else begins + _duration(entry["DURATION"][0].value) if "DURATION" in entry else begins
    last = ends if has_time or ends <= begins else ends - timedelta(days=1)
    day = _show_day(begins)
    yield "Date", day if last.date() <= begins.date() else f"{day} to {_show_day(last)}"
    if has_time:
        yield "Time", f"{begins:%H:%M}{f' to {ends:%H:%M}' if ends > begins else ''}{zone}"


def _moment(line: ContentLine) -> tuple[datetime, bool, str] | None:
    """When it is, whether a time of day is given, and " UTC" if that isn't local."""
    match = _MOMENT.fullmatch(line.value.strip())
    if match is None:
        return None
    day, time, is_utc = match.groups()
    with suppress(ValueError):
        moment = datetime.strptime(f"{day}{time or '0000'}", "%Y%m%d%H%M")  # noqa: DTZ007 - of the place where it is
        return moment, time is not None, " UTC" if is_utc else ""
    return None


def _show(moment: datetime, has_time: bool, zone: str) -> str:
    return f"{_show_day(moment)}, {moment:%H:%M}{zone}" if has_time else _show_day(moment)


def _show_day(day: date) -> str:
    return f"{DAYS[day.weekday()]}, {show_date(day)}"


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip().lstrip("+"))
    weeks, days, hours, minutes = (int(one or 0) for one in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _rule(text: str) -> str:
    """How an event repeats: "every 2 weeks on Monday until 31 May 2025"."""
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        key, _, value = part.partition("=")
        parts[key] = value
    unit = _UNITS.get(parts.get("FREQ", ""), "")
    if not unit:
        return ""
    interval = parts.get("INTERVAL", "1")
    said = f"every {unit}" if interval == "1" else f"every {interval} {unit}s"
    days = [
        f"{_PLACES.get(day[:-2].lstrip('+'), '')}{_WEEKDAYS[day[-2:]]}"
        for day in parts.get("BYDAY", "").split(",")
        if day[-2:] in _WEEKDAYS
    ]
    said += f" on {', '.join(days)}" if days else ""
    if (until := _moment(ContentLine("UNTIL", {}, parts.get("UNTIL", "")))) is not None:
        said += f" until {show_date(until[0])}"
    elif "COUNT" in parts:
        said += f", {parts['COUNT']} times"
    return said

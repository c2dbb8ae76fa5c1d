"""Calendars and contacts, as phones and mail programs export them: one record for each entry."""

from __future__ import annotations

import pytest

from vasi.errors import DocumentError
from vasi.knowledge.parse import calendar, contacts
from vasi.knowledge.parse.formats import Format
from vasi.knowledge.parse.readers import choose
from vasi.testing.settings import reading_limits


def _events(*entries: str) -> list[str]:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *entries, "END:VCALENDAR", ""])
    return [block.text for block in calendar.parse(text).blocks]


def _event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])


def test_an_event_is_a_record() -> None:
    alarm = "BEGIN:VALARM\r\nDESCRIPTION:Wake up\r\nEND:VALARM"
    zone = "BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    event = _event(
        "SUMMARY:Dentist with",
        "  Dr. Roth",
        'DTSTART;TZID="Europe/Berlin":20250314T093000',
        "DTEND;TZID=Europe/Berlin:20250314T100000",
        "LOCATION:Main Street 5\\, Cologne",
        "DESCRIPTION:Bring the card\\nand the X-ray.",
        'ATTENDEE;CN="Petersen; Olga";ROLE=CHAIR:mailto:olga@example.com',
        "ATTENDEE:mailto:bo@example.com",
        "STATUS:CONFIRMED",
        alarm,
    )
    assert _events(zone, event) == [
        "Event: Dentist with Dr. Roth; Date: Friday, 14 March 2025; Time: 09:30 to 10:00; Place: Main Street 5, "
        "Cologne; Notes: Bring the card, and the X-ray.; Participants: Petersen, Olga, bo@example.com"
    ]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["DTSTART;VALUE=DATE:20250106"], "Date: Monday, 6 January 2025"),
        (
            ["DTSTART;VALUE=DATE:20250106", "DTEND;VALUE=DATE:20250109"],
            "Date: Monday, 6 January 2025 to Wednesday, 8 January 2025",
        ),
        (["DTSTART:20250306T080000Z", "DURATION:PT1H30M"], "Date: Thursday, 6 March 2025; Time: 08:00 to 09:30 UTC"),
        (
            ["DTSTART:20250106T190000", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20250531T000000Z"],
            "Date: Monday, 6 January 2025; Time: 19:00; Repeats: every 2 weeks on Monday, Thursday until 31 May 2025",
        ),
        (
            ["DTSTART;VALUE=DATE:20250105", "RRULE:FREQ=MONTHLY;BYDAY=1SU;COUNT=6"],
            "Date: Sunday, 5 January 2025; Repeats: every month on first Sunday, 6 times",
        ),
        (["DTSTART:nonsense", "STATUS:CANCELLED"], "Status: cancelled"),
    ],
)
def test_times_are_shown(lines: list[str], shown: str) -> None:
    assert _events(_event("SUMMARY:Choir", *lines)) == [f"Event: Choir; {shown}"]


def test_tasks_are_records_too() -> None:
    task = "BEGIN:VTODO\r\nSUMMARY:Paint the hull\r\nDUE:20250401T120000\r\nEND:VTODO"
    assert _events(task) == ["Task: Paint the hull; Due: Tuesday, 1 April 2025, 12:00"]


def test_a_contact_is_a_record() -> None:
    text = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Petersen;Olga;;Dr.;\r\nTEL;TYPE=WORK,VOICE:0221 555 014\r\n"
        "item1.TEL;TYPE=CELL:0170 555 015\r\nFN:Dr. Olga Petersen\r\nORG:Harbour Office;Berths\r\n"
        "ADR;TYPE=HOME:;;Quay 3;Cologne;;50667;Germany\r\nBDAY:--0517\r\nNOTE:Has the key\\, and the\r\n  torch.\r\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRg\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller=\r\n;Jan\r\nTEL;CELL:0151 555\r\n"
        "END:VCARD\r\n"
    )
    assert [block.text for block in contacts.parse(text).blocks] == [
        "Name: Dr. Olga Petersen; Phone (work): 0221 555 014; Phone (mobile): 0170 555 015; Organisation: Harbour "
        "Office, Berths; Address (home): Quay 3, 50667 Cologne, Germany; Birthday: 17 May; Note: "
        "Has the key, and the torch.",
        "Name: Jan Müller; Phone (mobile): 0151 555",
    ]


def test_they_are_known_by_what_they_hold() -> None:
    assert choose("export", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", reading_limits()).media_type == Format.CALENDAR
    assert (
        choose("people.txt", b"\xef\xbb\xbfbegin:vcard\r\nFN:Bo\r\nend:vcard", reading_limits()).media_type
        == Format.CONTACTS
    )


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCARD\nEND:VCARD", "END:VEVENT\n:\n=:"])
def test_those_without_entries_are_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="holds no events"):
        calendar.parse(text)
    with pytest.raises(DocumentError, match="holds no contacts"):
        contacts.parse(text)

"""Dates as people write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show_date(day: date) -> str:
    """A date.

    >>> show_date(date(2025, 3, 14))
    '14 March 2025'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def show_moment(moment: datetime) -> str:
    """A date with the time of day.

    >>> show_moment(datetime(2025, 3, 14, 9, 30))
    '14 March 2025, 09:30'
    """
    return f"{show_date(moment)}, {moment:%H:%M}"

"""Days ahead, as people name them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.appointments import DaysAhead, days_ahead

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("dentist on Friday at nine", "2025-11-21", "2025-11-22"),
        ("today", "2025-11-19", "2025-11-20"),
        ("wednesday", "2025-11-19", "2025-11-20"),
        ("the day after tomorrow", "2025-11-21", "2025-11-22"),
        ("the third of May", "2026-05-03", "2026-05-04"),
        ("3 May 2027", "2027-05-03", "2027-05-04"),
        ("May 3rd", "2026-05-03", "2026-05-04"),
        ("on the 3rd", "2025-12-03", "2025-12-04"),
        ("2025-12-24", "2025-12-24", "2025-12-25"),
        ("in May", "2026-05-01", "2026-06-01"),
        ("next week", "2025-11-24", "2025-12-01"),
        ("next month", "2025-12-01", "2026-01-01"),
        ("in two weeks", "2025-12-03", "2025-12-04"),
        ("from the 3rd to the 5th of May", "2026-05-03", "2026-05-06"),
        ("from Monday to Wednesday", "2025-11-24", "2025-11-27"),
    ],
)
def test_days_are_read(text: str, since: str, until: str) -> None:
    (days,) = days_ahead(text, NOW)
    assert (days.since.date().isoformat(), days.until.date().isoformat()) == (since, until)


@pytest.mark.parametrize("text", ["", "it may rain", "the 30th of February", "march on", "the second floor"])
def test_other_words_are_no_day(text: str) -> None:
    assert days_ahead(text, NOW) == []


def test_what_is_every_week_meets_each_such_day() -> None:
    (every,) = days_ahead("the bins go out every Tuesday", NOW)
    for asked, meets in (("on Tuesday", True), ("in May", True), ("on Friday", False), ("2026-06-02", True)):
        (days,) = days_ahead(asked, NOW)
        assert days.meets(every) is every.meets(days) is meets


_WORDS = st.sampled_from(
    ("the", "31st", "of", "february", "to", "monday", "next", "month", "in", "ten weeks", "9999-12-31", "every")
)


@given(st.text(max_size=60) | st.lists(_WORDS, max_size=7).map(" ".join), st.datetimes(timezones=st.just(UTC)))
def test_any_words_on_any_day_are_read_without_failing(text: str, now: datetime) -> None:
    for days in days_ahead(text, now):
        assert isinstance(days, DaysAhead)
        assert days.since < days.until

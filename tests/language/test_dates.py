"""Periods as people name them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.dates import find_period, number_of, spoken_date, spoken_day, spoken_time

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("what did I note today", "2025-11-19", "2025-11-20"),
        ("yesterday", "2025-11-18", "2025-11-19"),
        ("yesterday's notes", "2025-11-18", "2025-11-19"),
        ("the day before yesterday", "2025-11-17", "2025-11-18"),
        ("this morning", "2025-11-19", "2025-11-19T12:00"),
        ("yesterday evening", "2025-11-18T17:00", "2025-11-19"),
        ("last night", "2025-11-18T18:00", "2025-11-19T06:00"),
        ("this week", "2025-11-17", "2025-11-24"),
        ("last week", "2025-11-10", "2025-11-17"),
        ("last weekend", "2025-11-15", "2025-11-17"),
        ("last month", "2025-10-01", "2025-11-01"),
        ("this year", "2025-01-01", "2026-01-01"),
        ("on monday", "2025-11-17", "2025-11-18"),
        ("last monday", "2025-11-17", "2025-11-18"),
        ("on wednesday", "2025-11-19", "2025-11-20"),
        ("last wednesday", "2025-11-12", "2025-11-13"),
        ("on friday morning", "2025-11-14", "2025-11-14T12:00"),
        ("three days ago", "2025-11-16", "2025-11-17"),
        ("a week ago", "2025-11-09", "2025-11-16"),
        ("in the last two hours", "2025-11-19T13:30", "2025-11-19T15:30:01"),
        ("over the past few days", "2025-11-16T15:30", "2025-11-19T15:30:01"),
        ("on march third", "2025-03-03", "2025-03-04"),
        ("on the third of march", "2025-03-03", "2025-03-04"),
        ("on the twenty first of october", "2025-10-21", "2025-10-22"),
        ("March 3rd, 2024", "2024-03-03", "2024-03-04"),
        ("on december 24", "2024-12-24", "2024-12-25"),
        ("from 2025-02-28", "2025-02-28", "2025-03-01"),
        ("on the third", "2025-11-03", "2025-11-04"),
        ("on the 25th", "2025-10-25", "2025-10-26"),
        ("in october", "2025-10-01", "2025-11-01"),
        ("in december", "2024-12-01", "2025-01-01"),
        ("in may 2024", "2024-05-01", "2024-06-01"),
        ("since monday", "2025-11-17", None),
        ("before last week", None, "2025-11-10"),
        ("after the third of march", "2025-03-04", None),
    ],
)
def test_a_period_is_understood(words: str, since: str | None, until: str | None) -> None:
    period = find_period(words, NOW)
    assert period is not None
    assert period.since == (datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None)
    assert period.until == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


@pytest.mark.parametrize(
    "words", ["", "how deep is the lake", "it may rain", "the thirtieth of february 2025", "march on", "this thing"]
)
def test_other_words_are_no_period(words: str) -> None:
    assert find_period(words, NOW) is None


def test_the_words_of_the_period_are_marked() -> None:
    text = "what did i note since last monday about the car"
    period = find_period(text, NOW)
    assert period
    assert text[period.start : period.end] == "since last monday"


def test_days_begin_at_the_speakers_midnight() -> None:
    tokyo = datetime(2025, 11, 19, 1, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    period = find_period("yesterday", tokyo)
    assert period
    assert period.since == datetime(2025, 11, 17, 15, 0, tzinfo=UTC)


def test_moments_are_said_as_seen_from_now() -> None:
    assert spoken_date(NOW) == "Wednesday, November 19, 2025"
    assert spoken_time(NOW) == "3:30 PM"
    assert spoken_time(NOW.replace(hour=0, minute=5)) == "12:05 AM"
    ago = [spoken_day(NOW - timedelta(days=days), NOW) for days in (0, 1, 2, 7, 400)]
    assert ago == ["today", "yesterday", "on Monday", "on November 12", "on October 15, 2024"]


def test_yesterday_depends_on_where_the_speaker_is() -> None:
    late = datetime(2025, 11, 18, 23, 30, tzinfo=UTC)
    now = datetime(2025, 11, 19, 8, 0, tzinfo=timezone(timedelta(hours=2)))
    assert spoken_day(late, now) == "today"


@pytest.mark.parametrize(
    ("word", "number"), [("three", 3), ("12", 12), ("a couple of", 2), ("Twenty", 20), ("x", None)]
)
def test_small_numbers(word: str, number: int | None) -> None:
    assert number_of(word) == number


_WORDS = st.sampled_from(
    (
        "the", "of", "on", "in", "last", "this", "since", "monday", "march", "may", "third", "31", "2025", "february",
        "twenty first", "two days ago", "weeks", "year", "yesterday", "9999", "999 years ago", "month", "before", "-",
    )
)  # fmt: skip


@given(st.lists(_WORDS, max_size=8).map(" ".join) | st.text(max_size=60), st.datetimes(timezones=st.just(UTC)))
def test_any_words_on_any_day_are_read_without_failing(text: str, now: datetime) -> None:
    period = find_period(text, now)
    if period is not None:
        assert 0 <= period.start < period.end <= len(text)
        assert period.since is None or period.until is None or period.since < period.until

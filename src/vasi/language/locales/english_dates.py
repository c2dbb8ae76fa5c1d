"""English days, months and stretches of time."""

from __future__ import annotations

import re

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed

DAYS = indexed("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = indexed("january february march april may june july august september october november december", 1)
_SMALL = indexed(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    1,
)
NUMBERS = _SMALL | {"zero": 0, "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "thirty": 30}
ORDINALS = indexed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth twenty_first twenty_second twenty_third twenty_fourth"
    " twenty_fifth twenty_sixth twenty_seventh twenty_eighth twenty_ninth thirtieth thirty_first",
    1,
)
_DAY, _MONTH = any_of(DAYS), any_of(MONTHS)
_COUNT = r"\d{1,3}|(?:a )?couple of|(?:a )?few|an?|thirty|" + any_of(_SMALL)
NTH = r"\d{1,2}(?:st|nd|rd|th)?|" + any_of(ORDINALS).replace(" ", "[ -]")
_UNITS = "minute|hour|day|week|month|year"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d))?"
_PART = r"(?:'s)?(?: (?P<part>morning|afternoon|evening|night))?"
_DATES = (
    rf"(?:the )?(?P<nth>{NTH})(?: of)? (?P<month>{_MONTH}){_YEAR}",
    rf"(?P<month>{_MONTH}) (?:the )?(?P<nth>{NTH})(?!\d){_YEAR}",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})",
)

ENGLISH_DATES = DateWords(
    days=DAYS,
    months=MONTHS,
    numbers=NUMBERS,
    ordinals=ORDINALS,
    near={
        "the day before yesterday": (-2, None),
        "yesterday": (-1, None),
        "last night": (-1, "night"),
        "today": (0, None),
        "this": (0, None),
        "tonight": (0, "night"),
        "tomorrow": (1, None),
        "the day after tomorrow": (2, None),
    },
    units={
        "minute": "minute",
        "hour": "hour",
        "day": "day",
        "week": "week",
        "weekend": "weekend",
        "month": "month",
        "year": "year",
    },
    parts={"morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night"},
    past=(
        (
            "near",
            date_pattern(
                rf"(?P<near>the day before yesterday|last night|tonight|today|yesterday"
                rf"|this(?= (?:morning|afternoon|evening|night))){_PART}"
            ),
        ),
        (
            "recent",
            date_pattern(
                rf"(?:(?:in|over|during|within|from) )?the (?:last|past) (?:(?P<count>{_COUNT}) )?(?P<unit>{_UNITS})s?"
            ),
        ),
        ("ago", date_pattern(rf"(?P<count>{_COUNT}) (?P<unit>{_UNITS})s? (?:ago|back)")),
        (
            "calendar",
            date_pattern(
                r"(?:(?:from|during|in|on|over) )?(?:(?P<this>this|the current)|last|the previous|previous|past)"
                r" (?P<unit>weekend|week|month|year)(?:'s)?"
            ),
        ),
        (
            "weekday",
            date_pattern(rf"(?:(?:on|from) )?(?:(?:(?P<last>last)|this|past) )?(?P<day>{_DAY}){_PART}"),
        ),
        *(("date", date_pattern(rf"(?:(?:on|from) )?{form}")) for form in _DATES),
        ("date", date_pattern(rf"(?:on|from) the (?P<nth>{NTH})(?! \w)")),
        ("month", date_pattern(rf"(?:in|during|from) (?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        ("near", date_pattern(r"(?P<near>the day after tomorrow|tomorrow|today|tonight)")),
        (
            "weekday",
            date_pattern(rf"(?:(?:this|next|on|(?P<every>every)) )?(?P<day>{_DAY})"),
        ),
        ("weekday", date_pattern(rf"(?:(?:this|next|every|on) )?(?P<day>{_DAY})(?P<every>s)")),
        *(("date", date_pattern(rf"(?:on )?{form}")) for form in _DATES),
        ("month", date_pattern(rf"(?:in|during|this|next) (?P<month>{_MONTH}){_YEAR}")),
        ("calendar", date_pattern(r"(?:this|(?P<next>next)) (?P<unit>week|weekend|month|year)")),
        ("in", date_pattern(rf"in (?P<count>{_COUNT}) (?P<unit>day|week|month)s?")),
        ("nth", date_pattern(r"(?:on )?the (?P<nth>\d{1,2}(?:st|nd|rd|th))")),
    ),
    to=frozenset(("to", "until", "till", "through", "-", "–")),
    said=SpokenDates(
        today="today",
        yesterday="yesterday",
        weekday="on {weekday}",
        date="on {month} {day}",
        date_of_year="on {month} {day}, {year}",
        full="{weekday}, {month} {day}, {year}",
        time="{hour12}:{minute} {half}",
        weekdays=tuple(day.title() for day in DAYS),
        months=tuple(month.title() for month in MONTHS),
    ),
    before=re.compile(r"\b(?:(?P<since>since)|(?P<after>after)|(?P<until>before|until))(?: the)?\s*$", re.IGNORECASE),
    telling=frozenset((*DAYS, *(f"{day}s" for day in DAYS), *MONTHS, "today", "tomorrow", "yesterday", "tonight")),
)

"""Answers that need neither documents nor notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from vasi.language.dates import spoken_date, spoken_time
from vasi.language.folded import fold_letters
from vasi.language.intents import AskClock, Talk
from vasi.language.locales import locale_of

_DOCUMENTS = r"(?:documents?|files?|pdfs?|papers?|texts?|sources?)"
_LIST = re.compile(
    rf"(?:what|which|how many) (?:other |kinds? of )?{_DOCUMENTS} (?:do you have|have you(?: got| read)?|are there"
    r"|do you know(?: of)?|can you (?:see|read|use)|did you read|do i have|have i (?:given|added)(?: you)?"
    r"|did i (?:give|add)(?: you)?"
    rf"|are (?:stored|loaded|in (?:here|there)))(?: here| now| access to)?"
    rf"|(?:list|show(?: me)?|name)(?: me)?(?: all)?(?: of)?(?: the| your| my)?(?: available)? {_DOCUMENTS}"
    rf"|what(?:'s| is) in (?:your|my|the) (?:library|{_DOCUMENTS})",
    re.IGNORECASE,
)


def small_talk(kind: Talk, language: str) -> Sequence[str]:
    """The sentences that answer ``kind``."""
    return locale_of(language).talk.answers[kind]


def beyond(question: str, language: str, *, lists: bool = False) -> Sequence[str]:
    """What to say to a question about whole documents, which takes a language model; empty if it is none.

    ``lists`` tells that documents can be listed.
    """
    locale = locale_of(language)
    asked = fold_letters(" ".join(question.split()).strip(" .!?¿¡。？؟"))
    if locale.summarise.fullmatch(asked):
        return locale.talk.no_summary
    return locale.talk.no_listing if not lists and _LIST.fullmatch(asked) else ()


def clock(asked: AskClock, now: datetime | None, language: str) -> list[str]:
    """The time or the date, as seen from ``now``."""
    talk = locale_of(language).talk
    if now is None:
        return [talk.no_clock]
    if asked.what == "time":
        return [talk.time.format(time=spoken_time(now, language))]
    day = spoken_date(now + timedelta(days=asked.days), language)
    template = talk.today if not asked.days else talk.day_ahead if asked.days > 0 else talk.day_past
    return [template.format(day=day)]

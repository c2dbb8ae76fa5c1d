"""Questions about the library itself: how many documents there are, which, since when, and what is in one of them."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from vasi.language.dates import Period, find_period

LibraryForm: TypeAlias = Literal["count", "list", "added", "contents"]


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What is asked.

    Attributes:
        form: how many, which, when ``document`` was added, or what is in it.
        document: its name as it was said; "" for all.
        period: in which they were added.
    """

    form: LibraryForm
    document: str = ""
    period: Period | None = None


_LONGEST = 200  # characters
_DOCUMENTS = r"(?:documents?|files?|pdfs?|papers?|texts?|sources?|dokumente?n?|dateien|documentos?|archivos?|arquivos?|fichiers?)"
_HERE = r"(?: (?:in total|altogether|now|here|so far|there|insgesamt|en total|au total|no total))?"
_HAVE = (
    r"(?:do i have|have i (?:got|given you|added|uploaded)|did i (?:add|upload|give you)|are there|are (?:stored|loaded"
    r"|in (?:here|there|the library))|do you (?:have|know(?: of)?)|have you(?: got| read)?|did you read"
    r"|can you (?:see|read|use)|habe ich|gibt es|sind (?:da|es|gespeichert)|kennst du|tengo|hay|conoces|ai-je|y a-t-il"
    r"|avez-vous|eu tenho|tenho|há|existem)"
)
_COUNT = re.compile(
    rf"(?:how many|wie viele|cuántos|combien de|quantos) (?:other )?{_DOCUMENTS}(?: {_HAVE})?{_HERE}", re.IGNORECASE
)
_LIST = re.compile(
    rf"(?:what|which|welche|qué|quels|quais|que) (?:other |kinds? of )?{_DOCUMENTS} {_HAVE}{_HERE}(?: access to)?"
    rf"|(?:list|show(?: me)?|name|zeige?(?: mir)?|nenne?(?: mir)?|lista|muéstrame|liste|montre(?:-moi)?|mostre)(?: me)?"
    rf"(?: all(?:e)?)?(?: of)?(?: the| your| my| die| meine| los| mis| les| mes| os| meus)?(?: available)? {_DOCUMENTS}"
    rf"|what(?:'s| is) in (?:your|my|the) (?:library|{_DOCUMENTS})",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"(?:what|which(?: {_DOCUMENTS})?|what {_DOCUMENTS}|how many {_DOCUMENTS}|welche {_DOCUMENTS}|was)"
    r" (?:did i|have i|was|were|has been|have been|is|are|habe ich|wurden?)(?: recently| last| newly)?"
    r" ?(?P<when>.{0,60}?) ?(?:add(?:ed)?|upload(?:ed)?|import(?:ed)?|give you|new|hinzugefügt|hochgeladen)"
    r"(?: to (?:the|my|your) (?:library|documents))?(?: ?(?P<then>.{0,60}))?",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"when (?:did i|have i|was|were) (?P<before>.{0,80}?) ?(?:add(?:ed)?|upload(?:ed)?|import(?:ed)?) ?(?P<name>.{0,80})"
    r"|wann (?:habe ich|wurde) (?P<german>.{1,80}) (?:hinzugefügt|hochgeladen)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:what(?:'s| is) (?:there )?(?:in|inside)|what (?:does|do) (?P<subject>.{1,80}) (?:contain|cover)"
    r"|what are the (?:chapters|sections|contents|headings) (?:of|in)|(?:show|give|read)(?: me)? the (?:table of )?contents of"
    r"|was steht in|was ist in|qué hay en|qu'y a-t-il dans|o que há em) ?(?P<name>.{0,80})",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:the|my|our|your|this|that|a|an|der|die|das|dem|den|meine[mnr]?|el|la|los|las|le|les|o|os|as)\s+", re.IGNORECASE
)
_TYPE = re.compile(r"(?<!\s)\s+(?:documents?|files?|pdf|dokument|datei|documento|archivo|fichier)\Z", re.IGNORECASE)
_THEM = re.compile(
    r"(?:(?:and |ok(?:ay)?,? |please )?(?:list|name|show(?: me)?|read(?: me)?|tell me|what are|which are|which ones are)"
    r"(?: me)?(?: all)?(?: of)? (?:them|they|these|those)|which ones|which|what are they|welche(?: sind das)?|nenne sie"
    r"|lesquels|cuáles(?: son)?|quais(?: são)?)(?: please)?",
    re.IGNORECASE,
)


def asked_of_library(question: str, now: datetime | None) -> LibraryQuestion | None:
    """What ``question`` asks about the library; None if it asks for something in the documents."""
    asked = " ".join(question.split()).strip(" .!?¿¡")
    if len(asked) > _LONGEST:
        return None
    if _COUNT.fullmatch(asked):
        return LibraryQuestion("count")
    if _LIST.fullmatch(asked):
        return LibraryQuestion("list")
    if found := _WHEN.fullmatch(asked):
        name = _name(found["before"] or found["name"] or found["german"] or "")
        return LibraryQuestion("added", name) if name else None
    if found := _ADDED.fullmatch(asked):
        period = find_period(asked, now) if now is not None else None
        rest = f"{found['when']} {found['then'] or ''}".strip()
        if period is not None or not rest or rest.lower() in ("last", "lately", "recently", "most recently", "zuletzt"):
            return LibraryQuestion("list", period=period)
        return None
    if found := _CONTENTS.fullmatch(asked):
        name = _name(found["subject"] or found["name"] or "")
        return LibraryQuestion("contents", name) if name else None
    return None


def asks_for_them(utterance: str) -> bool:
    """Whether ``utterance`` wants to hear which those are that were only counted: "list them"."""
    return _THEM.fullmatch(" ".join(utterance.split()).strip(" .!?¿¡,")) is not None


def _name(text: str) -> str:
    return _TYPE.sub("", _ARTICLE.sub("", text.strip(), count=1)).strip()

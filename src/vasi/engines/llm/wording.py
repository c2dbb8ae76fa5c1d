"""How what stands in documents is put into words: cells with their row, fields with their heading, sources."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.llm.evidence import Asked
from vasi.engines.llm.outputs import FoundPassage
from vasi.language.answer_types import answer_type
from vasi.language.replies import Replies, joined
from vasi.language.rows import cells
from vasi.language.speakable import spoken_name
from vasi.language.structure import field
from vasi.language.terms import stem

_MOST_CELLS = 6
"""Of a row that is read whole."""
_COLUMNS = {
    "amount": "cost price fee amount rate charge total sum value pay salary budget balance",
    "number": "number quantity count size total amount no nr population pieces",
    "duration": "duration length time period term hours days",
    "time": "date time day year month when due deadline start end founded born",
    "place": "place location city town country address room building site where berth floor",
    "name": "name person who owner contact author manager responsible first last surname",
    "reason": "reason cause why",
    "other": "",
}
"""The names of columns that hold each type of answer."""
_COLUMN_STEMS = {kind: frozenset(map(stem, names.split())) for kind, names in _COLUMNS.items()}


def row_in_words(row: str, asked: Asked, replies: Replies) -> str:
    """The cells of ``row`` that the question asks for: "Delivery cost of North: 7 euros"; else all, without marks."""
    found = cells(row)
    telling = frozenset(asked.stems)
    wanted = _asked_columns(found, asked)
    keys = [value for column, value in found if asked.stems_of(value) & telling and (column, value) not in wanted]
    if not keys:
        keys = [value for column, value in found[:1] if (column, value) not in wanted]
    if wanted and keys:
        key = " ".join(dict.fromkeys(keys))
        return _capitalised(
            "; ".join(replies.cell.format(column=column, key=key, value=value) for column, value in wanted)
        )
    if len(found) > _MOST_CELLS:
        held = [(column, value) for column, value in found if asked.stems_of(f"{column} {value}") & telling]
        found = list(dict.fromkeys([*found[:_MOST_CELLS], *held]))
    return _capitalised(", ".join(f"{column} {value}".strip() for column, value in found))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _asked_columns(found: Sequence[tuple[str, str]], asked: Asked) -> list[tuple[str, str]]:
    """The cells whose columns are asked for: by their names, else by the type of the answer."""
    telling = frozenset(asked.stems)
    others = [(column, value) for column, value in found if column and not asked.stems_of(value) & telling]
    named = [(len(asked.stems_of(column) & telling), (column, value)) for column, value in others]
    if most := max((count for count, _ in named), default=0):
        return [cell for count, cell in named if count == most][:2]
    kind = _COLUMN_STEMS[answer_type(asked.question)]
    fitting = [(column, value) for column, value in others if asked.stems_of(column) & kind]
    return fitting if len(fitting) == 1 else []


def with_heading(text: str, heading: str, asked: Asked) -> str:
    """A short field with the heading that it belongs to: "Boat 9: berth B21"; other texts stay as they are.

    Args:
        text: a sentence.
        heading: the headings above it.
        asked: the words of the question.
    """
    found = field(text)
    title = heading.rpartition(" > ")[2].strip()
    if found is None or not title or title.lower() == found.label.lower():
        return text
    missing = frozenset(asked.heavy).intersection(asked.missing(text))
    if not missing & asked.stems_of(title):
        return text
    label = found.label
    if label[1:2].islower() or len(label) == 1:
        label = label[:1].lower() + label[1:]
    return f"{title}: {label} {found.value}"


def sources(passages: Sequence[FoundPassage], replies: Replies) -> str:
    """The documents of ``passages`` with their pages, as they are spoken of."""
    places: dict[tuple[str | None, str], list[int]] = {}
    for passage in passages:
        pages = places.setdefault((None if passage.note else passage.document, passage.collection), [])
        if passage.page is not None and passage.page not in pages:
            pages.append(passage.page)
    return joined(
        [
            in_collection(_source(document, sorted(pages), replies), collection, replies)
            for (document, collection), pages in places.items()
        ],
        replies.conjunction,
    )


def in_collection(document: str, collection: str, replies: Replies) -> str:
    """A document, as it is spoken of, with the collection that it is shared in; "" for none."""
    return replies.shared.format(document=document, name=collection) if collection else document


def _source(document: str | None, pages: Sequence[int], replies: Replies) -> str:
    """How a document is spoken of, or all notes if it is None."""
    if document is None:
        return replies.notes
    name = spoken_name(document)
    named = name if name.lower().startswith(("the ", "your ", "my ")) else replies.document.format(name=name)
    if not pages:
        return named
    slides = document.lower().endswith((".pptx", ".ppt", ".odp"))
    several = len(pages) > 1
    unit = (replies.slides if several else replies.slide) if slides else (replies.pages if several else replies.page)
    return f"{named}, {unit.format(numbers=joined(list(map(str, pages)), replies.conjunction))}"

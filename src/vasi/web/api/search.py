"""Search over the documents."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from vasi.errors import NotFoundError
from vasi.storage.ports import Passage
from vasi.web.api.documents import InCollectionShown
from vasi.web.api.services import NOT_FOUND, Parts, Readable

router = APIRouter(tags=["search"])


class PassageShown(BaseModel):
    """A passage, named as in ``vasi.passages``; ``start`` and ``end`` count characters in the whole document, and
    ``collection`` is null for one's own.
    """

    id: str
    kind: Literal["document"]
    source_id: str
    document: str
    page: int | None
    heading: str
    text: str
    start: int
    end: int
    collection: InCollectionShown | None


class PassageFound(PassageShown):
    """A larger ``score``, 0 to 1, is better."""

    score: float


class Found(BaseModel):
    """``found`` is false where the documents most likely don't hold the answer."""

    found: bool
    passages: list[PassageFound]


def _fields(passage: Passage) -> dict[str, object]:
    return {
        "id": passage.id,
        "kind": passage.kind,
        "source_id": passage.source_id,
        "document": passage.document,
        "page": passage.page,
        "heading": passage.heading,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "collection": passage.collection,
    }


@router.get("/search", summary="Passages that bear on a question, best first")
async def search(
    parts: Parts,
    owners: Readable,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Found:
    """Searched by words, by sounds where those say too little, and by meaning where the server has an embedder."""
    result = await parts.knowledge.search(owners, q, limit=limit, kinds=("document",))
    passages = [
        PassageFound.model_validate({**_fields(one.passage), "score": round(one.score, 3)}) for one in result.passages
    ]
    return Found(found=result.found, passages=passages)


@router.get("/passages/{passage_id}", summary="One passage", responses=NOT_FOUND)
async def passage(parts: Parts, owners: Readable, passage_id: str) -> PassageShown:
    """As the ids of ``vasi.passages`` and of citations name it.

    Where its document was read again since, the passage in which its text stands now; that has another id.
    """
    found = await parts.knowledge.passage(owners, passage_id)
    if found.kind != "document":
        raise NotFoundError("There is no such passage of a document: it is a note.")
    return PassageShown.model_validate(_fields(found))

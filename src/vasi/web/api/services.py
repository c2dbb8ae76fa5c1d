"""What the API works on, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from vasi.accounts.accounts import Accounts
from vasi.accounts.principals import Principal
from vasi.knowledge import Knowledge
from vasi.knowledge.pages import WebPages
from vasi.knowledge.uploads import Uploads
from vasi.notes import Notes
from vasi.storage.blobs import BlobStore
from vasi.storage.ports import Store
from vasi.web.access import Access
from vasi.web.notifier import ChangeNotifier


class EngineShown(BaseModel):
    """Which engine does a part, and why; ``better`` says how to have a better one, "" if there is none."""

    part: str
    name: str | None
    why: str
    better: str


class PersonaShown(BaseModel):
    """A prompt of the server that needs nothing filled in; a session takes it on with ``prompt: {"id": …}``."""

    id: str
    title: str
    description: str


class Limits(BaseModel):
    """What is refused beyond: MB of a file, pages of a document, characters of a note."""

    file_mb: int
    pages: int
    note_characters: int


class Status(BaseModel):
    """How the server is: which of its parts are ready, and what keeps those that failed from working.

    ``interprets`` tells whether it has a model that can translate.
    """

    version: str
    backend: str
    ready: bool
    parts: dict[str, bool]
    problems: dict[str, str]
    engines: list[EngineShown]
    voices: list[str]
    languages: list[str]
    interprets: bool
    limits: Limits
    personas: list[PersonaShown]


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running vasi."""

    store: Store
    knowledge: Knowledge
    notes: Notes
    uploads: Uploads
    pages: WebPages
    blobs: BlobStore
    notifier: ChangeNotifier
    status: Callable[[], Status]
    accounts: Accounts


def services(connection: HTTPConnection) -> Services:
    """Those of the application that answers."""
    return cast(Services, connection.app.state.services)


async def caller(connection: HTTPConnection) -> Principal:
    """Who the client is, if it may: read where the request changes nothing, else write. Raises ``AuthError``."""
    return await cast(Access, connection.app.state.access).authorise(connection)


async def owner(principal: Annotated[Principal, Depends(caller)]) -> str:
    """Whose rows the client may reach. Raises ``AuthError``."""
    return principal.owner


Caller = Annotated[Principal, Depends(caller)]
Owner = Annotated[str, Depends(owner)]
Parts = Annotated[Services, Depends(services)]

Errors = dict[int | str, dict[str, Any]]


class ErrorBody(BaseModel):
    """What went wrong, and what to do."""

    message: str
    type: str
    param: str | None
    code: str | None


class Refusal(BaseModel):
    """The shape of every error."""

    error: ErrorBody


NOT_FOUND: Errors = {404: {"model": Refusal, "description": "There is no such thing of yours."}}

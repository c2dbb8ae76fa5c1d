"""What the API works on, and who may."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Query
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from vasi.accounts.accounts import Accounts
from vasi.accounts.principals import Principal
from vasi.errors import ForbiddenError, NotFoundError
from vasi.gateway.spending import DayLimits
from vasi.knowledge import Knowledge
from vasi.knowledge.pages import WebPages
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.knowledge.uploads import Uploads
from vasi.notes import Notes
from vasi.storage.accounts import UserLimits
from vasi.storage.blobs import BlobStore
from vasi.storage.owners import Owners, collection_owner, each_of
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


class Removal(Protocol):
    """Removes accounts and collections."""

    async def remove(self, owner: str) -> None:
        """Everything of ``owner``, also what is kept in memory and in files. Raises ``StoreError``."""
        ...


class Imported(Protocol):
    """What an import brought."""

    @property
    def documents(self) -> int: ...

    @property
    def notes(self) -> int: ...

    @property
    def conversations(self) -> int: ...

    @property
    def known(self) -> int:
        """What was there already."""
        ...

    @property
    def problems(self) -> Sequence[str]:
        """Sentences about what couldn't be taken."""
        ...


class Transfer(Protocol):
    """Takes everything of an owner out into one archive, and in again."""

    def archive(self, owner: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a ZIP file. Raises ``StoreError``."""
        ...

    def begin(self) -> UploadedFile:
        """A file for an archive that comes; ``drop`` it. Raises ``StoreError``."""
        ...

    async def take(self, owner: str, archive: Path) -> Imported:
        """Take an archive in. Raises ``ClientError``, ``LimitError``, ``StoreError``."""
        ...

    def progress(self, owner: str) -> tuple[int, int] | None:
        """How many things of how many the running import has looked at; None if none runs."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running vasi; ``limits_of`` tells what a user may use a day who has these limits of their own."""

    store: Store
    knowledge: Knowledge
    notes: Notes
    uploads: Uploads
    pages: WebPages
    blobs: BlobStore
    notifier: ChangeNotifier
    status: Callable[[], Status]
    accounts: Accounts
    limits_of: Callable[[UserLimits], DayLimits]
    removal: Removal
    transfer: Transfer


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

InCollection = Annotated[
    str | None, Query(max_length=100, alias="collection", description="Id of the shared collection that is meant.")
]


async def readable(parts: Parts, principal: Caller, collection_id: InCollection = None) -> Owners:
    """Whose documents the client sees: its own and the shared ones; or those of the collection that it names.

    Raises:
        NotFoundError: there is no such collection for the client.
    """
    owners = await parts.knowledge.collections.readable(principal.owner, principal.groups)
    if collection_id is None:
        return owners
    owner = collection_owner(collection_id)
    if principal.administers:
        await parts.knowledge.collections.get(collection_id)
    elif owner not in each_of(owners)[1:]:
        raise NotFoundError("There is no such collection: list the collections to see their ids.")
    return owner


async def library(parts: Parts, principal: Caller, collection_id: InCollection = None) -> str:
    """Whose documents the client changes: its own, or, of an administrator, those of a collection.

    Raises:
        ForbiddenError: the client administers nothing.
        NotFoundError: there is no such collection.
    """
    if collection_id is None:
        return principal.owner
    require_administrator(principal)
    return (await parts.knowledge.collections.get(collection_id)).owner


def require_administrator(principal: Principal) -> None:
    """Raises ``ForbiddenError``."""
    if not principal.administers:
        raise ForbiddenError("Only administrators change what is shared; ask one of them.")


Readable = Annotated[Owners, Depends(readable)]
Library = Annotated[str, Depends(library)]

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

"""What a tool is: a function that the server holds, offered to every model and run for the session's owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from vasi.language.consent import Change
from vasi.notes import Action, Note
from vasi.storage.collections import CollectionName
from vasi.storage.terms import Kind


@dataclass(frozen=True, slots=True)
class TurnReference:
    """A turn of a recorded conversation; ``item_id`` is what the user said last."""

    conversation_id: str
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom, when and in which turn a tool runs.

    Attributes:
        owner: whose rows it works on.
        now: aware, in the zone of the user.
        spoken: the arguments may hold misheard words.
        turn: of the recorded conversation.
        groups: those of the user, with which collections may be shared.
    """

    owner: str
    now: datetime
    spoken: bool = False
    turn: TurnReference | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that a search found.

    Attributes:
        id: of the passage; another one when its document is read again.
        document: the document's name; "Notes" for a note.
        page: 1-based; None where the document has no pages.
        heading: the headings above it.
        text: what it says.
        score: its relevance, 0 to 1.
        kind: what it is a passage of.
        source_id: id of that document or note.
        start: offset in characters of ``text`` in the whole of it.
        end: offset of its end.
        collection: in which its document is shared; None for the user's own.
    """

    id: str
    document: str
    page: int | None
    heading: str
    text: str
    score: float
    kind: Kind = "document"
    source_id: str = ""
    start: int = 0
    end: int = 0
    collection: CollectionName | None = None


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note that the tool changed, for whoever shows notes."""

    action: Action
    note: Note


@dataclass(frozen=True, slots=True)
class Computed:
    """What was counted, compared or summed over records.

    Attributes:
        terms: names and values; a sentence that says one of them tells the result.
        passages: ids of those that hold the records.
    """

    terms: tuple[str, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call.

    Attributes:
        output: a JSON object for the model.
        passages: what the model may cite, best first.
        found: whether the evidence is strong enough; None for tools that don't search.
        changes: the notes that were changed.
        computed: what a search worked out, which stands in no passage as it is said.
    """

    output: str
    passages: tuple[FoundPassage, ...] = ()
    found: bool | None = None
    changes: tuple[NoteChange, ...] = ()
    computed: Computed | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is to change: its id, and what it says."""

    id: str
    text: str


class Tool(Protocol):
    """A function tool. ``decorator.tool`` makes one of an async function."""

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str:
        """What the model is told of it."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """JSON Schema of its arguments."""
        ...

    @property
    def read_only(self) -> bool:
        """It changes nothing, so that it may be stopped in the middle."""
        ...

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Run with the JSON ``arguments`` as the model wrote them.

        Raises:
            VasiError: its message becomes the output.
        """
        ...


@runtime_checkable
class KnownTool(Tool, Protocol):
    """A tool that says more of itself. Of one that doesn't, the worst is assumed."""

    @property
    def trusted(self) -> bool:
        """Its outputs hold nothing that others than the user wrote."""
        ...

    @property
    def change(self) -> Change | None:
        """What it does, as users ask for it; None: they can only agree to it."""
        ...

    async def subject(self, context: ToolContext, arguments: str) -> Subject | None:
        """What a call with these arguments is to change; None: nothing that is there already."""
        ...

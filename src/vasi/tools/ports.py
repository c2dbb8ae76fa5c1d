"""What a tool is: a function that the server holds, offered to every model and run for the session's owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from vasi.protocol.extension import PassageShown
from vasi.storage.ports import NoteOrigin


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom, when and where a tool runs; ``spoken`` tells that the arguments may hold misheard words."""

    owner: str
    now: datetime
    spoken: bool = False
    origin: NoteOrigin | None = None


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note that the tool changed, for whoever shows notes."""

    action: Literal["added", "updated", "removed"]
    note: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call.

    Attributes:
        output: a JSON object for the model.
        passages: what the model may cite, best first.
        found: whether the evidence is strong enough; None for tools that don't search.
        change: the note that was changed.
    """

    output: str
    passages: tuple[PassageShown, ...] = ()
    found: bool | None = None
    change: NoteChange | None = None


class Tool(Protocol):
    """A function tool."""

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

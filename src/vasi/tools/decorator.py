"""Tools made of async functions."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, get_type_hints

import msgspec

from vasi.errors import ToolError
from vasi.language.consent import Change
from vasi.tools.arguments import parse, schema_of
from vasi.tools.ports import Subject, ToolContext, ToolResult

A = TypeVar("A", bound=msgspec.Struct)

ToolFunction: TypeAlias = Callable[[ToolContext, A], Awaitable[ToolResult]]
SubjectFunction: TypeAlias = Callable[[ToolContext, Any], Awaitable[Subject | None]]


@dataclass(frozen=True, slots=True)
class FunctionTool(Generic[A]):
    """A tool that runs a function.

    Attributes:
        trusted: its outputs hold nothing that others than the user wrote.
        change: what it does, as users ask for it; None: they can only agree to it.
        subject_function: what a call is to change; None: nothing that is there already.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    read_only: bool
    trusted: bool
    arguments: type[A]
    function: ToolFunction[A]
    change: Change | None = None
    subject_function: SubjectFunction | None = None

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Run with the JSON ``arguments``; raises ``ToolError`` if they don't fit."""
        return await self.function(context, parse(arguments, self.arguments))

    async def subject(self, context: ToolContext, arguments: str) -> Subject | None:
        """What a call with these arguments is to change."""
        if self.subject_function is None:
            return None
        try:
            given = parse(arguments, self.arguments)
        except ToolError:
            return None  # it will be refused for that
        return await self.subject_function(context, given)


def tool(
    name: str,
    description: str,
    *,
    read_only: bool = False,
    trusted: bool = False,
    change: Change | None = None,
    subject: SubjectFunction | None = None,
) -> Callable[[ToolFunction[A]], FunctionTool[A]]:
    """A decorator that makes a tool of an async function of a context and the arguments, which are a msgspec struct.

    The struct's fields give the JSON Schema for the model, with the descriptions and limits of its ``msgspec.Meta``::

        class Arguments(msgspec.Struct):
            city: Annotated[str, Meta(max_length=100)]

        @tool("weather", "What the weather is like in a city.", read_only=True)
        async def weather(context: ToolContext, arguments: Arguments) -> ToolResult: ...

    Args:
        name: what models call it.
        description: what they are told of it.
        read_only: it changes nothing; it may be stopped in the middle, and needs nobody's word.
        trusted: its outputs hold nothing that others than the user wrote.
        change: what it does, as users ask for it.
        subject: finds out what a call is to change.
    """

    def decorate(function: ToolFunction[A]) -> FunctionTool[A]:
        hints = get_type_hints(function)
        (_, arguments) = inspect.signature(function).parameters
        struct = hints[arguments]
        return FunctionTool(name, description, schema_of(struct), read_only, trusted, struct, function, change, subject)

    return decorate

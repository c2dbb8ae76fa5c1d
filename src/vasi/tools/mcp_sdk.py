"""What is needed of the MCP SDK. Loading it takes a second: ``mcp`` does it in a thread, when it's needed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx2
import msgspec
from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import AudioContent, CallToolResult, EmbeddedResource, ImageContent, TextContent

from vasi.errors import McpError, VasiError

BODY_BYTES = 4 * 1024 * 1024
"""Of one HTTP response that isn't a stream of events; one event is limited by the SDK."""
CONNECT_S = 10.0
READ_S = 300.0
"""Streams of events may be silent so long; calls have limits of their own."""
CONNECTION_CLOSED = -32000
INVALID_REQUEST = -32600


@asynccontextmanager
async def connection(
    url: str, headers: Mapping[str, str], noticed: Callable[[int], None], *, old: bool
) -> AsyncGenerator[Client, None]:
    """A client of the server at ``url``.

    Args:
        url: its address.
        headers: for every request.
        noticed: is told the status of every HTTP response.
        old: use the older SSE transport.
    """

    async def hook(response: httpx2.Response) -> None:
        noticed(response.status_code)

    def http(
        headers: dict[str, str] | None = None, timeout: httpx2.Timeout | None = None, auth: httpx2.Auth | None = None
    ) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(CONNECT_S, read=READ_S),
            transport=_Bounded(),
            event_hooks={"response": [hook]},
        )

    if old:
        async with Client(sse_client(url, dict(headers), httpx_client_factory=http), mode="legacy") as client:
            yield client
    else:
        async with http(dict(headers)) as own, Client(streamable_http_client(url, http_client=own)) as client:
            yield client


class _Bounded(httpx2.AsyncHTTPTransport):
    """Refuses responses that are too large, whatever they say of their length."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = _BoundedStream(response.stream)
        return response


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > BODY_BYTES:
                raise httpx2.ReadError("the response is too large")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def text_of(result: CallToolResult) -> str:
    """What a tool returned; pictures and sounds are only named."""
    parts: list[str] = []
    for block in result.content:
        match block:
            case TextContent():
                parts.append(block.text)
            case ImageContent() | AudioContent():
                parts.append(f"[{block.type}: {block.mime_type}]")
            case EmbeddedResource():
                parts.append(getattr(block.resource, "text", f"[resource: {block.resource.uri}]"))
            case _:
                parts.append(f"[{block.type}: {block.uri}]")
    if not parts and result.structured_content is not None:
        return msgspec.json.encode(result.structured_content).decode()
    return "\n".join(parts)


def innermost(error: BaseException) -> BaseException:
    """The first error of nested groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return error  # pyright: ignore[reportUnknownVariableType]


def is_lost(error: BaseException) -> bool:
    """The connection can't be used any more."""
    inner = innermost(error)
    closed = isinstance(inner, MCPError) and inner.code in {CONNECTION_CLOSED, INVALID_REQUEST}
    return closed or not isinstance(inner, MCPError | VasiError)


def explained(error: BaseException, status: int | None) -> VasiError:
    """``error`` for the model and the client; ``status`` is of the last HTTP response, if it was a refusal."""
    inner = innermost(error)
    match inner:
        case VasiError():
            return inner
        case MCPError() if status is not None:
            return McpError(f"The MCP server refused with the HTTP status {status}.", http=status)
        case MCPError(code=code) if code == CONNECTION_CLOSED:
            return McpError("The MCP server closed the connection.", http=502)
        case MCPError():
            return McpError(inner.message[:1000], rpc=inner.code)
        case httpx2.HTTPError() | OSError():
            return McpError(f"The MCP server can't be reached: {str(inner)[:200] or type(inner).__name__}.", http=502)
        case _:
            return McpError(f"The MCP server's answer can't be read: {type(inner).__name__}.", http=502)

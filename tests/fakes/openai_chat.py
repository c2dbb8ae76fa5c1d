"""A chat completions server that answers by script, over a real socket, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Raw:
    """Bytes of the body as they are."""

    data: bytes


@dataclass(frozen=True)
class Hold:
    """Send nothing more until ``until`` is set."""

    until: asyncio.Event


@dataclass(frozen=True)
class Drop:
    """Cut the connection without ending the body."""


@dataclass(frozen=True)
class Reply:
    """One response: a JSON ``error`` body with ``status``, or a stream of ``parts`` (dicts are SSE data)."""

    parts: tuple[Any, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


def delta(content: str | None = None, *, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    """One chunk as OpenAI sends it."""
    said = {} if content is None else {"content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "delta": said | fields, "finish_reason": finish}],
    }


def usage(prompt: int, completion: int, cached: int = 0) -> dict[str, Any]:
    """The last chunk with the token counts."""
    counts = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fake",
        "choices": [],
        "usage": counts,
    }


DONE = Raw(b"data: [DONE]\n\n")
KEEP_ALIVE = Raw(b": keep-alive\n\n")


def failure(status: int, message: str, code: str | None = None, **headers: str) -> Reply:
    """An error as OpenAI reports it."""
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code}})
    return Reply(status=status, body=body, headers=headers)


class FakeChatServer:
    """Answers each request with the next reply of its script; ``requests`` holds the bodies it got."""

    def __init__(self, replies: list[Reply]) -> None:
        self._replies = list(replies)
        self._server: asyncio.Server | None = None
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.hung_up = asyncio.Event()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.paths.append(first.split()[1])
        self.headers.append(headers)
        self.requests.append(json.loads(body))
        if not self._replies:
            await self._send_plain(writer, failure(500, "the script is used up"))
            return
        reply = self._replies.pop(0)
        if reply.body is not None:
            await self._send_plain(writer, reply)
            return
        kind = reply.headers.get("content-type", "text/event-stream")
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        gone = asyncio.create_task(reader.read(1))
        try:
            for part in reply.parts:
                match part:
                    case Hold():
                        held = asyncio.create_task(part.until.wait())
                        await asyncio.wait({held, gone}, return_when=asyncio.FIRST_COMPLETED)
                        held.cancel()
                    case Drop():
                        writer.transport.abort()
                        return
                    case Raw():
                        await self._chunk(writer, part.data)
                    case _:
                        await self._chunk(writer, b"data: " + json.dumps(part).encode() + b"\n\n")
                if gone.done():
                    self.hung_up.set()
                    return
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        finally:
            gone.cancel()

    @staticmethod
    async def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()

    @staticmethod
    async def _send_plain(writer: asyncio.StreamWriter, reply: Reply) -> None:
        body = (reply.body or "").encode()
        extra = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        writer.write(
            f"HTTP/1.1 {reply.status} Status\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(body)}\r\n{extra}\r\n".encode()
            + body
        )
        await writer.drain()

    @property
    def used_up(self) -> bool:
        return not self._replies


@asynccontextmanager
async def chat_server(*replies: Reply) -> AsyncIterator[FakeChatServer]:
    """A server on a free loopback port; asserts at the end that the whole script was asked for."""
    fake = FakeChatServer(list(replies))
    server = await asyncio.start_server(fake._serve, "127.0.0.1", 0)
    fake._server = server
    async with server:
        yield fake
    assert fake.used_up, "replies were left over"

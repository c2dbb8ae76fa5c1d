"""How long a client waits beside another one that sends many small pieces or large events, at two megabytes a second.

Each attack is one connection to a real server (which doesn't ask for a key, so that all of it is looked at); where the
server closes it, the attacker connects again. Beside it a client asks for ``/healthz`` every 20 ms, and its longest
wait counts: less than 150 ms on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

HOST = "127.0.0.1"
EVERY_S = 0.02
TARGET_MS = 150
PIECE = 64 * 1024
MASK = bytes(4)
"""A mask of zeros: a frame's payload stays as it is."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What one connection sends.

    Attributes:
        opening: sent once.
        stream: sent again and again.
        upgraded: it's sent over a WebSocket, once that is open.
        reads: the attacker reads what the server answers.
    """

    opening: bytes
    stream: bytes
    upgraded: bool = False
    reads: bool = True


def frame(opcode: int, payload: bytes = b"", *, last: bool = True) -> bytes:
    """One frame of a client."""
    length = len(payload)
    size = bytes([128 | length]) if length <= 125 else bytes([255]) + length.to_bytes(8, "big")
    return bytes([(0x80 if last else 0) | opcode]) + size + MASK + payload


def event(kind: str, **fields: Any) -> bytes:
    """An event in a frame."""
    return frame(1, json.dumps({"type": kind, **fields}).encode())


def tool(number: int) -> dict[str, Any]:
    """A function of 8 kB."""
    parameters = {f"p{name}": {"type": "string", "description": "y" * 60} for name in range(75)}
    return {
        "type": "function",
        "name": f"tool_{number}",
        "description": "x" * 200,
        "parameters": {"type": "object", "properties": parameters},
    }


def chunked(path: str, content_type: str, *headers: str) -> bytes:
    """The head of a request whose body comes in chunks."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Content-Type: {content_type}",
        "Transfer-Encoding: chunked",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def repeated(piece: bytes) -> bytes:
    return piece * (PIECE // len(piece))


UPLOAD = "multipart/form-data; boundary=b"
CHUNK = repeated(b"1\r\n \r\n")
HUGE_SESSION = {"type": "realtime", "instructions": "x" * 22_000_000}
TOOLS_SESSION = {"type": "realtime", "tools": [tool(number) for number in range(120)]}
ITEM = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "word " * 20}]}
OPEN_MESSAGE = frame(1, b'{"type":"', last=False)
ATTACKS: Mapping[str, Attack] = {
    "one-byte chunks, JSON": Attack(chunked("/api/notes", "application/json"), CHUNK),
    "one-byte chunks, multipart": Attack(chunked("/api/notes", "multipart/x; boundary=a"), CHUNK),
    "one-byte chunks, upload": Attack(chunked("/api/documents", UPLOAD), CHUNK),
    "one-byte chunks, /v1": Attack(chunked("/v1/realtime/client_secrets", "application/json"), CHUNK),
    "pipelined requests": Attack(b"", repeated(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")),
    "heads of many headers": Attack(b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"a:\r\n" * 3_500 + b"\r\n"),
    "two-byte continuation frames": Attack(OPEN_MESSAGE, repeated(frame(0, b"ab", last=False)), upgraded=True),
    "empty continuation frames": Attack(OPEN_MESSAGE, repeated(frame(0, last=False)), upgraded=True),
    "messages of two bytes": Attack(b"", repeated(frame(1, b"{}")), upgraded=True),
    "messages that aren't read": Attack(b"", repeated(frame(1, b"{}")), upgraded=True, reads=False),
    "messages of 120 bytes": Attack(b"", repeated(frame(1, b"{" + b" " * 118 + b"}")), upgraded=True),
    "pings": Attack(b"", repeated(frame(9)), upgraded=True),
    "pings that aren't read": Attack(b"", repeated(frame(9, b"x" * 125)), upgraded=True, reads=False),
    "pongs": Attack(b"", repeated(frame(10)), upgraded=True),
    "updates of 22 MB": Attack(b"", event("session.update", session=HUGE_SESSION), upgraded=True),
    "updates with 120 tools, 1 MB": Attack(b"", event("session.update", session=TOOLS_SESSION), upgraded=True),
    "items at the root": Attack(
        b"", event("conversation.item.create", previous_item_id="root", item=ITEM), upgraded=True
    ),
}
HANDSHAKE = (
    "GET /v1/realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()


async def attack(port: int, kind: Attack, seconds: float, bytes_per_second: float) -> int:
    """Send ``kind`` for a while; returns how many bytes went out."""
    end, sent = time.monotonic() + seconds, 0
    began = time.monotonic()
    while time.monotonic() < end:
        with contextlib.suppress(OSError, EOFError):
            reader, writer = await asyncio.open_connection(HOST, port)
            discarding: asyncio.Task[None] | None = None
            try:
                if kind.upgraded:
                    writer.write(HANDSHAKE)
                    await reader.readuntil(b"\r\n\r\n")
                if kind.reads:
                    discarding = asyncio.create_task(_discard(reader))
                writer.write(kind.opening)
                while time.monotonic() < end and not (discarding and discarding.done()):
                    writer.write(kind.stream)
                    sent += len(kind.stream)
                    async with asyncio.timeout(max(end - time.monotonic(), 0.01)):
                        await writer.drain()
                    await asyncio.sleep(max(0.0, sent / bytes_per_second - (time.monotonic() - began)))
            except TimeoutError:
                pass  # the server takes no more
            finally:
                if discarding is not None:
                    discarding.cancel()
                writer.transport.abort()
        await asyncio.sleep(0.05)
    return sent


async def _discard(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        while await reader.read(PIECE):
            pass


async def waits(port: int, seconds: float) -> list[float]:
    """How long a client waits for ``/healthz``, asking every 20 ms (milliseconds)."""
    found: list[float] = []
    reader, writer = await asyncio.open_connection(HOST, port)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asked = time.perf_counter()
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r", 1)[0])
        await reader.readexactly(length)
        found.append((time.perf_counter() - asked) * 1000)
        await asyncio.sleep(EVERY_S)
    writer.close()
    return found


async def beside(
    port: int, kind: Attack, *, seconds: float, bytes_per_second: float, attackers: int = 1
) -> tuple[list[float], int]:
    """The waits of a client beside ``kind``, and the bytes that went out."""
    async with asyncio.TaskGroup() as tasks:
        each = bytes_per_second / attackers
        attacking = [tasks.create_task(attack(port, kind, seconds, each)) for _ in range(attackers)]
        await asyncio.sleep(0.1)
        waiting = tasks.create_task(waits(port, seconds - 0.1))
    return waiting.result(), sum(one.result() for one in attacking)


def main() -> None:
    """The command."""
    from tests.server_process import serving

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rate", type=float, default=2_000_000, help="bytes a second")
    parser.add_argument("--attackers", type=int, default=1, help="connections that share the rate")
    parser.add_argument("--quick", action="store_true", help="two seconds each")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    seconds = 2 if given.quick else given.seconds
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as server:
        quiet = asyncio.run(waits(server.port, seconds))
        print(f"{'Beside':<34}{'longest':>10}{'median':>10}{'sent':>10}")
        print(f"{'nothing':<34}{max(quiet):>7.0f} ms{statistics.median(quiet):>7.1f} ms")
        for name, kind in ATTACKS.items():
            found, sent = asyncio.run(
                beside(server.port, kind, seconds=seconds, bytes_per_second=given.rate, attackers=given.attackers)
            )
            results[name] = {"longest_ms": max(found), "median_ms": statistics.median(found), "sent_mb": sent / 1e6}
            print(
                f"{name:<34}{max(found):>7.0f} ms{statistics.median(found):>7.1f} ms{sent / 1e6:>7.1f} MB", flush=True
            )
    late = [name for name, figures in results.items() if figures["longest_ms"] > TARGET_MS]
    print(f"Within {TARGET_MS} ms: {len(results) - len(late)} of {len(results)}; {os.cpu_count()} cores.")
    if given.json is not None:
        given.json.write_text(
            json.dumps({"target_ms": TARGET_MS, "quiet_ms": max(quiet), "attacks": results}, indent=2)
        )


if __name__ == "__main__":
    main()

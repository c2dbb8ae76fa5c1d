"""Every event that any server of these tests sends is judged, whatever the test itself looks at.

The gateway's one door to the client is watched, and the beta dialect's behind it; in a server of its own process too
(``python -m tests.oversight serve ...``), which writes what it found wrong into the file that ``OVERSIGHT_COMPLAINTS``
names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from tests.beta_validation import check_beta_event
from tests.response_order import Order
from tests.wire_validation import check_event
from vasi.backends.local import LocalBackend
from vasi.gateway.ports import Link
from vasi.gateway.session import GatewaySession
from vasi.transports.beta import BetaLink

COMPLAINTS = "OVERSIGHT_COMPLAINTS"
"""Where a server in a process of its own writes what it found."""
Report = Callable[[str], None]


def watch(report: Report) -> None:
    """Judge all that sessions send from now on; ``report`` gets a line for each event that isn't right."""
    frame, begin = GatewaySession._frame, BetaLink.__init__
    orders: WeakKeyDictionary[GatewaySession, Order] = WeakKeyDictionary()

    def watched_frame(self: GatewaySession, event: Any) -> str:
        framed = frame(self, event)
        shown = json.loads(framed)
        _judge(report, shown, lambda: check_event(shown, extension=self._policy.activity))
        again = shown["type"] == "session.created" and self in orders  # the client came back
        if isinstance(self._backend, LocalBackend) and not again:  # The order of a relayed model is its own.
            order = orders.setdefault(self, Order())
            _judge(report, shown, lambda: order.notice(shown))
        return framed

    def watched_begin(self: BetaLink, link: Link) -> None:
        begin(self, _JudgedBeta(link, report))

    GatewaySession._frame = watched_frame  # type: ignore[method-assign]
    BetaLink.__init__ = watched_begin  # type: ignore[method-assign]


class _JudgedBeta:
    """The link of a client that speaks beta."""

    def __init__(self, link: Link, report: Report) -> None:
        self._link = link
        self._report = report

    async def receive(self) -> str | bytes | None:
        return await self._link.receive()

    async def send(self, frame: str) -> None:
        shown = json.loads(frame)
        _judge(self._report, shown, lambda: check_beta_event(shown))
        await self._link.send(frame)

    def send_now(self, frame: str) -> bool:
        sent = self._link.send_now(frame)
        if sent:
            shown = json.loads(frame)
            _judge(self._report, shown, lambda: check_beta_event(shown))
        return sent

    async def close(self, code: int, reason: str) -> None:
        await self._link.close(code, reason)


def _judge(report: Report, event: dict[str, Any], check: Callable[[], None]) -> None:
    try:
        check()
    except (AssertionError, KeyError, ValidationError) as error:
        report(f"{error!r} in {json.dumps(event)[:2000]}")


def program() -> list[str]:
    """The command that runs ``vasi`` watched."""
    return [sys.executable, "-m", "tests.oversight"]


def environment(complaints: Path) -> dict[str, str]:
    """What it needs of its environment."""
    return {"PYTHONPATH": str(Path(__file__).resolve().parent.parent), COMPLAINTS: str(complaints)}


def assert_none(complaints: Path) -> None:
    """Fail if it complained."""
    found = complaints.read_text() if complaints.exists() else ""
    complaints.unlink(missing_ok=True)
    assert not found, found


def _main() -> None:
    from vasi.cli import main

    complaints = Path(os.environ[COMPLAINTS])

    def write(line: str) -> None:
        with complaints.open("a") as file:
            file.write(f"{line}\n")

    watch(write)
    main()


if __name__ == "__main__":
    _main()

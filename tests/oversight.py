"""Every event that any server of these tests sends is judged, whatever the test itself looks at.

The gateway's one channel to the client is watched, and the beta dialect's codec behind it; in a process of its own too
(``python -m tests.oversight serve ...``), which writes what it found wrong into the file that ``OVERSIGHT_COMPLAINTS``
names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, ref

from pydantic import ValidationError

from tests.beta_validation import check_beta_event
from tests.response_order import Order
from tests.wire_validation import check_event
from vasi.backends.local import LocalBackend
from vasi.gateway.channel import ClientChannel
from vasi.gateway.ports import Sent
from vasi.gateway.session import GatewaySession
from vasi.protocol.codec import encode
from vasi.protocol.server_events import ServerEvent
from vasi.transports.beta import BetaCodec

COMPLAINTS = "OVERSIGHT_COMPLAINTS"
"""Where a server in a process of its own writes what it found."""
FOR_THE_PLAYER = ("vasi.output_audio.hold", "vasi.output_audio.resume")
"""What a link that plays the answers itself is told, though its client may not be."""
Report = Callable[[str], None]


def watch(report: Report) -> None:
    """Judge all that sessions send from now on; ``report`` gets a line for each event that isn't right."""
    begin, number, encode_beta = GatewaySession.__init__, ClientChannel._numbered, BetaCodec.encode
    sessions: WeakKeyDictionary[ClientChannel, ref[GatewaySession]] = WeakKeyDictionary()
    orders: WeakKeyDictionary[ClientChannel, Order] = WeakKeyDictionary()

    def watched_begin(self: GatewaySession, *args: Any, **given: Any) -> None:
        begin(self, *args, **given)
        sessions[self._channel] = ref(self)

    def watched_number(self: ClientChannel, event: ServerEvent) -> ServerEvent:
        numbered = number(self, event)
        shown = json.loads(encode(numbered))
        known = sessions.get(self)
        session = None if known is None else known()
        if session is None:
            return numbered  # a test's own channel, without a session
        extension = session._policy.activity or (session._policy.follows_playout and shown["type"] in FOR_THE_PLAYER)
        _judge(report, shown, lambda: check_event(shown, extension=extension))
        again = shown["type"] == "session.created" and self in orders  # the client reconnected
        if isinstance(session._backend, LocalBackend) and not again:  # The order of a relayed model is its own.
            order = orders.setdefault(self, Order())
            _judge(report, shown, lambda: order.notice(shown))
        return numbered

    def watched_encode(self: BetaCodec, event: Sent) -> Sequence[str]:
        frames = encode_beta(self, event)
        for frame in frames:
            shown = json.loads(frame)
            _judge(report, shown, partial(check_beta_event, shown))
        return frames

    GatewaySession.__init__ = watched_begin  # type: ignore[method-assign]
    ClientChannel._numbered = watched_number  # type: ignore[method-assign]
    BetaCodec.encode = watched_encode  # type: ignore[method-assign]


def _judge(report: Report, event: dict[str, Any], check: Callable[[], None]) -> None:
    try:
        check()
    except (AssertionError, KeyError, ValidationError) as error:
        report(f"{error!r} in {json.dumps(event)[:2000]}")


def program() -> list[str]:
    """The command that runs ``vasi`` watched."""
    return [sys.executable, "-m", "tests.oversight"]


BASIC_ENGINES = {"VASI_ENGINES__STT": "pocketsphinx", "VASI_ENGINES__TTS": "espeak"}
"""Those that start at once and are the same wherever the tests run, whichever models are there."""


def environment(complaints: Path) -> dict[str, str]:
    """What it needs of its environment."""
    root = Path(__file__).resolve().parent.parent
    return {"PYTHONPATH": str(root), COMPLAINTS: str(complaints), **BASIC_ENGINES}


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

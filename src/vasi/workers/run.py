"""The main program of every child: ``python -P -m vasi.workers.run MODULE LIMITS``.

``MODULE`` has a function ``create_handler() -> Handler | Stoppable``. Before it is imported the limits hold, and
whatever libraries print, then or later, goes to standard error instead of between the replies.
"""

from __future__ import annotations

import importlib
import os
import sys

from vasi.workers import frames, limits


def main(module: str, encoded_limits: str) -> None:
    """Serve ``module`` on standard input and output until the parent closes them."""
    bounds = limits.decode(encoded_limits)
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        limits.apply(bounds)
        try:
            handler: frames.Handler | frames.Stoppable = importlib.import_module(module).create_handler()
        except Exception as error:
            frames.reply(sink, frames.FAILED, f"{type(error).__name__}: {error}".encode(errors="replace"))
            return
        frames.reply(sink, frames.OK, b"")
        frames.serve(handler, sys.stdin.buffer, sink, lambda: limits.request(bounds))


if __name__ == "__main__":
    main(*sys.argv[1:])

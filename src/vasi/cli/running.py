"""Running a command's coroutine, so that Ctrl-C ends it well."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """``work``, to its end, in an event loop of its own.

    The first Ctrl-C cancels it between two steps of the loop. ``asyncio.run`` by itself cancels in the middle of
    whatever step is being done, and a future that is just being set then complains with a traceback. The second one
    interrupts at once.

    Raises:
        KeyboardInterrupt: it was interrupted; what it had to put away is put away.
    """
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background jobs shall not
    if threading.current_thread() is not threading.main_thread() or not heeded:
        return asyncio.run(work)
    interrupted = False

    async def interruptible() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            nonlocal interrupted
            if interrupted:
                raise KeyboardInterrupt
            interrupted = True
            loop.call_soon_threadsafe(task.cancel)

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            return await task
        finally:
            signal.signal(signal.SIGINT, before)

    try:
        return asyncio.run(interruptible())
    except asyncio.CancelledError:
        if interrupted:
            raise KeyboardInterrupt from None
        raise

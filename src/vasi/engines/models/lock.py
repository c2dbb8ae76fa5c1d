"""A lock that processes share: a file, let go of by the system when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

_POLL_S = 0.2


@contextmanager
def locked(file: Path, waiting: Callable[[], None]) -> Generator[None]:
    """Hold the lock ``file`` inside of the block.

    Args:
        file: made if it isn't there; its folder exists.
        waiting: called again and again while another process holds it; what it raises ends the wait.

    Raises:
        OSError: the file can't be made.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _take(handle):
            waiting()
            time.sleep(_POLL_S)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

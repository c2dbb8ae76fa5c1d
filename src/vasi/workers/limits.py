"""What a child process may use, and how it binds itself to that. Imports nothing heavy: every child loads it."""

from __future__ import annotations

import contextlib
import faulthandler
import json
import math
import os
import sys
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass

if sys.platform != "win32":
    import resource
    import signal


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of one child; None means that there is none.

    Linux keeps to all of them, macOS doesn't enforce ``memory_bytes``, Windows knows none but ``request_s``.

    Attributes:
        memory_bytes: address space.
        cpu_s: processor time of one request; a child that goes past it is ended by the system.
        file_bytes: size of any file that it writes.
        request_s: wall time of one request, after which the child ends itself should its parent be gone or stuck.
            The parent's own time limit is shorter.
        niceness: how much it stands back behind other processes, 0 to 19.
        umask: of the files it makes, as of ``os.umask``.
    """

    memory_bytes: int | None = None
    cpu_s: float | None = None
    file_bytes: int | None = None
    request_s: float | None = None
    niceness: int = 0
    umask: int = 0o077

    def encoded(self) -> str:
        """As ``decode`` reads it."""
        return json.dumps(asdict(self))


def decode(text: str) -> ChildLimits:
    """Raises ``ValueError`` or ``TypeError`` for anything that ``encoded`` didn't write."""
    return ChildLimits(**json.loads(text))


def apply(limits: ChildLimits) -> None:
    """Bind this process, for good, to what holds for all its requests together."""
    os.umask(limits.umask)
    if sys.platform == "win32":
        return
    if limits.niceness:
        os.nice(limits.niceness)
    _set(resource.RLIMIT_CORE, 0)  # what a crash would write holds the text of documents
    if limits.memory_bytes is not None:
        _set(resource.RLIMIT_AS, limits.memory_bytes)
    if limits.file_bytes is not None:
        _set(resource.RLIMIT_FSIZE, limits.file_bytes)
    if limits.cpu_s is not None:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)


@contextlib.contextmanager
def request(limits: ChildLimits) -> Generator[None, None, None]:
    """Bind this process to what holds for one request."""
    if sys.platform != "win32" and limits.cpu_s is not None:
        _set(resource.RLIMIT_CPU, math.ceil(time.process_time() + limits.cpu_s))
    if limits.request_s is None:
        yield
        return
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(limits.request_s, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


if sys.platform != "win32":

    def _set(kind: int, value: int) -> None:
        """Lower the soft limit, within the hard one; a platform that refuses goes without."""
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, hard))

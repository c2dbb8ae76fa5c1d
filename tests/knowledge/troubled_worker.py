"""A reader's child process that does what the name of the file tells: hangs, dies, eats memory, prints; or reads."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from vasi.errors import DocumentError
from vasi.knowledge.parse import worker


def create_handler() -> Callable[[int, bytes], bytes]:
    honest = worker.read

    def troubled(request: worker.Request) -> worker.Reading:
        if "hang" in request.name:
            time.sleep(600)
        if "spin" in request.name:
            while True:
                pass
        if "kill" in request.name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "eat" in request.name:
            bytearray(request.limits.memory_bytes * 2)
        if "write" in request.name:
            Path(request.path).with_suffix(".big").write_bytes(bytes(50_000_000))
        if "print" in request.name:
            print("a library talks")
            os.write(1, b"on the raw descriptor too")
        if "secret" in request.name:
            raise DocumentError(os.environ.get("VASI_API_KEYS", "knows no secret"))
        return honest(request)

    worker.read = troubled
    print("a library talks while it's imported")
    return worker.create_handler()

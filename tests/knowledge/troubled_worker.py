"""A reader's child process that does what the name of the file tells: hangs, dies, eats memory, prints; or reads."""

from __future__ import annotations

import os
import signal
import time

from vasi.knowledge.parse import worker


def main() -> None:
    honest = worker.read

    def troubled(request: worker.Request) -> worker.Reading:
        if "hang" in request.name:
            time.sleep(600)
        if "kill" in request.name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "eat" in request.name:
            bytearray(request.limits.memory_bytes * 2)
        if "print" in request.name:
            print("a library talks")
            os.write(1, b"on the raw descriptor too")
        return honest(request)

    worker.read = troubled
    worker.main()


if __name__ == "__main__":
    main()

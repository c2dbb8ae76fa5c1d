"""The command line: one module a command.

What takes long to import is imported where it is used, so that ``vasi --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from vasi.errors import VasiError

NOTHING_FOUND = 3
"""Exit code of a search that found nothing; 1 is an error, 2 wrong usage, 130 Ctrl-C."""
_INTERRUPTED = 130


def main() -> None:
    """The ``vasi`` program."""
    # A shell's background jobs ignore the Ctrl-C that is meant for another.
    heeded = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    if heeded:
        # There is nothing to put away yet, and an exception in the middle of an import would come out as its traceback.
        signal.signal(signal.SIGINT, _leave)
    from vasi.cli.program import program

    if heeded:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        program()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except (VasiError, OSError, BaseExceptionGroup) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        from vasi.cli.terminal import complain

        complain(sentence)
        sys.exit(1)


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(_INTERRUPTED)


def _sentence(error: BaseException) -> str | None:
    """What to tell a user; None for a fault of the program, which deserves its traceback."""
    match error:
        case VasiError():
            return str(error)
        case OSError(strerror=str(reason), filename=str(path)):
            return f"{path}: {reason}."
        case BaseExceptionGroup():
            sentences = [_sentence(inner) for inner in error.exceptions]
            return next(iter(sentences), None) if all(sentences) else None
        case _:
            return None

"""Tries every regular expression of the project with pumped strings; a process of its own, which can be ended.

Prints a line of JSON for each pattern that is too slow, and at last the number of patterns and of strings.
"""

from __future__ import annotations

import json
import signal
import time
from dataclasses import asdict, dataclass
from typing import Any

from tests.security.project_patterns import ProjectPattern, imported_patterns, literal_patterns
from tests.security.pumped_strings import PumpedString, pumped_strings

SHORT, SCREENED, LONG = 400, 2_000, 10_000
"""Characters of the strings."""
_SHORT_MS, _SCREENED_MS, _LONG_MS = 20.0, 0.5, 4.0
"""Milliseconds from which on a string is looked at more closely."""
_GROWTH = 7.0
"""Times as much for four times as many characters: linear time is 4, quadratic 16."""
_PATIENCE_S = 3.0
_TRIES = 3


@dataclass(frozen=True, slots=True)
class SlowPattern:
    """``pattern`` takes ``ms`` for a string of ``characters`` made as ``string`` says, and grows ``growth``-fold."""

    place: str
    pattern: str
    string: str
    characters: int
    ms: float
    growth: float


class _TooSlowError(Exception):
    pass


def measure(pattern: ProjectPattern, strings: list[PumpedString] | None = None) -> SlowPattern | None:
    """The first string that ``pattern`` is too slow with."""
    for string in pumped_strings(pattern.pattern) if strings is None else strings:
        if (short := _time(pattern, string, SHORT)) > _SHORT_MS and (
            short := _least(pattern, string, SHORT)
        ) > _SHORT_MS:
            return _slow(pattern, string, SHORT, short, 0)
        if _time(pattern, string, SCREENED) <= _SCREENED_MS:
            continue
        # What grows is tried again: on a busy machine a single measurement tells little.
        for _ in range(_TRIES):
            long = _least(pattern, string, LONG)
            growth = long / max(_least(pattern, string, LONG // 4), 0.01)
            if long <= _LONG_MS or growth <= _GROWTH:
                break
        else:
            return _slow(pattern, string, LONG, long, growth)
    return None


def _slow(pattern: ProjectPattern, string: PumpedString, characters: int, ms: float, growth: float) -> SlowPattern:
    return SlowPattern(pattern.place, str(pattern.pattern.pattern), repr(string), characters, ms, round(growth, 1))


def _least(pattern: ProjectPattern, string: PumpedString, characters: int) -> float:
    return min(_time(pattern, string, characters) for _ in range(3))


def _time(pattern: ProjectPattern, string: PumpedString, characters: int) -> float:
    """Milliseconds of the processor; far too many if it takes seconds."""
    whole = string.of_length(characters)
    subject: Any = whole.encode("latin-1", "replace") if isinstance(pattern.pattern.pattern, bytes) else whole
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE_S)
    started = time.process_time()
    try:
        if pattern.method == "finditer":
            for _ in pattern.pattern.finditer(subject):
                pass
        else:
            getattr(pattern.pattern, pattern.method)(subject)
    except _TooSlowError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return (time.process_time() - started) * 1000


def _interrupt(*_: object) -> None:
    raise _TooSlowError


def main() -> None:
    signal.signal(signal.SIGALRM, _interrupt)
    patterns = [*imported_patterns(), *literal_patterns()]
    distinct = {(p.pattern, p.method): p for p in patterns}
    for pattern in distinct.values():
        if slow := measure(pattern):
            print(json.dumps(asdict(slow)), flush=True)
    print(json.dumps({"patterns": len(distinct)}))


if __name__ == "__main__":
    main()

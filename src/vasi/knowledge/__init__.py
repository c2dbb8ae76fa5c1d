"""Reading: documents become passages, passages are found, answers are cited.

What is offered here is imported when it is first used: the child process that opens documents lives in this package
too, and must stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vasi.knowledge.library import Knowledge as Knowledge
    from vasi.knowledge.parse.limits import ReadingLimits as ReadingLimits
    from vasi.knowledge.paths import FileProblem as FileProblem
    from vasi.knowledge.paths import IngestReport as IngestReport
    from vasi.knowledge.retrieve import Retrieval as Retrieval
    from vasi.knowledge.retrieve import ScoredPassage as ScoredPassage

_HOMES = {
    "FileProblem": "vasi.knowledge.paths",
    "IngestReport": "vasi.knowledge.paths",
    "Knowledge": "vasi.knowledge.library",
    "ReadingLimits": "vasi.knowledge.parse.limits",
    "Retrieval": "vasi.knowledge.retrieve",
    "ScoredPassage": "vasi.knowledge.retrieve",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)

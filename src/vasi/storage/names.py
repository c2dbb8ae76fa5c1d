"""Names that tell documents apart: two files called "report.pdf" are "report.pdf" and "minutes/report.pdf"."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import PurePath


def distinct(name: str, source: str, taken: Callable[[str], bool]) -> str:
    """``name``, or what is nearest to it and not ``taken``.

    Args:
        name: of the file.
        source: where it came from. Of a path as many folders are put in front as it takes; else, as for uploads, a
            number is put behind: "report (2).pdf".
        taken: whether another document has a name.
    """
    return next(each for each in _candidates(name, PurePath(source)) if not taken(each))


def _candidates(name: str, source: PurePath) -> Iterator[str]:
    yield name
    if source.is_absolute():
        folders = source.parts[1 : -len(PurePath(name).parts)]
        for count in range(1, len(folders) + 1):
            yield "/".join([*folders[-count:], name])
    path = PurePath(name)
    for number in itertools.count(2):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()

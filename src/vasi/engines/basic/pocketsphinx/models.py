"""The models on disk: built in a process aside, kept under their profile and a key of what went into them.

They hold the owners' words in the clear, so nobody else may read them, and a profile has one: that of its texts as they
are now. Processes that share the folder may delete each other's models at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from vasi.engines.basic.pocketsphinx.background import FILE as BACKGROUND
from vasi.engines.basic.pocketsphinx.pronunciations import Pronounce, known_phones
from vasi.engines.stt import requests
from vasi.errors import EngineError
from vasi.language import letters
from vasi.workers.child import Child, ChildError, Program, RequestError
from vasi.workers.limits import ChildLimits

VERSION = 2
"""Change it when the same texts should make another model."""

KEPT = 16
"""Models (some 6 MB each) that stay on disk beside those in use."""

_BUILD_SECONDS = 120.0
# Models hold the owner's words: nobody else may read the files (``umask``).
_BUILDER = Program(
    "vasi.engines.basic.pocketsphinx.builder",
    ChildLimits(memory_bytes=4_000_000_000, file_bytes=1_000_000_000, request_s=2 * _BUILD_SECONDS, niceness=10),
)
_ENDINGS = ("lm", "dict")
_GENERAL = "general"
_DRAFT = ".new."
_UNNAMED = re.compile(r"[0-9a-f]{32}\.")
"""Models of a time when their names didn't tell the profile."""


class Models:
    """Makes, keeps and checks models. A model's *path* has no ending: ``path.lm`` and ``path.dict`` are its files."""

    def __init__(self, folder: Path, pronounce: Pronounce | None) -> None:
        self._folder = folder
        self._pronounce = pronounce
        self._one_at_a_time = asyncio.Semaphore(1)

    def path(self, profile: str, texts: Sequence[str]) -> Path:
        """Where the model of ``texts`` is or will be: that of general English, whoever asks, if they hold nothing.

        Reads all of them: not for the event loop.
        """
        state = hashlib.sha256(f"{VERSION} {_name(self._pronounce)}".encode())
        state.update(BACKGROUND.read_bytes())
        prefix = _GENERAL
        if any(text.strip() for text in texts):
            prefix = _prefix(profile)
            for text in texts:
                state.update(hashlib.sha256(text.encode(errors="replace")).digest())
        return self._folder / f"{prefix}-{state.hexdigest()[:32]}"

    def sound(self, path: Path) -> bool:
        """Is it there, whole and undamaged? PocketSphinx may crash on a file that isn't."""
        try:
            digests = json.loads(path.with_suffix(".json").read_bytes())
            if digests != _digests(path):
                return False
            os.utime(path.with_suffix(".json"))
        except (OSError, ValueError):
            return False
        return True

    async def build(self, path: Path, texts: Sequence[str]) -> None:
        """Make the model of ``texts``; takes seconds, in a process of its own.

        Raises:
            EngineError: it can't be made or kept.
        """
        async with self._one_at_a_time:
            try:
                await asyncio.to_thread(self._protect)
                if await asyncio.to_thread(self.sound, path):
                    return
                await self._build(path, texts)
            except (OSError, ChildError, RequestError) as error:
                raise EngineError(
                    f"The speech model could not be built in {self._folder} ({error}); check that the folder is "
                    "writable and the disk has space.",
                    retryable=True,
                ) from error

    async def _build(self, path: Path, texts: Sequence[str]) -> None:
        draft = path.with_name(f"{path.name}.{os.getpid()}{_DRAFT[:-1]}")
        child = await Child.spawn(_BUILDER)
        try:
            payload = await asyncio.to_thread(lambda: json.dumps(list(texts)).encode())
            unknown: list[str] = json.loads(await child.request(requests.READ, payload, _BUILD_SECONDS))
            spoken = await asyncio.to_thread(self._speak, unknown)
            request = {"model": str(draft), "spoken": spoken}
            await child.request(requests.BUILD, json.dumps(request).encode(), _BUILD_SECONDS)
            await asyncio.to_thread(self._publish, draft, path)
        finally:
            await child.kill()
            for ending in _ENDINGS:
                draft.with_name(f"{draft.name}.{ending}").unlink(missing_ok=True)

    def _speak(self, words: Sequence[str]) -> dict[str, list[str]]:
        """Phones of ``words``, by letter rules where nothing better is known."""
        better: Mapping[str, Sequence[str]] = self._pronounce(words) if self._pronounce else {}
        return {word: list(known_phones(better.get(word, ())) or letters.sound_out(word)) for word in words}

    @staticmethod
    def _publish(draft: Path, path: Path) -> None:
        for ending in _ENDINGS:
            draft.with_name(f"{draft.name}.{ending}").replace(path.with_suffix(f".{ending}"))
        mark = path.with_suffix(".json")
        mark.unlink(missing_ok=True)
        with open(os.open(mark, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(_digests(path), file)

    def _protect(self) -> None:
        """Make the folder, and keep others from reading it and what is in it."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        for file in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                file.chmod(0o600)

    def newest(self, profile: str) -> Path | None:
        """The model of ``profile`` that was made or asked for last, by whatever process."""
        marks = _by_age(self._folder.glob(f"{_prefix(profile)}-*.json"))
        return marks[0].with_suffix("") if marks else None

    def forget(self, profile: str, keep: Path | None = None) -> None:
        """Delete what ``profile`` had before ``keep``; all that it has if there is nothing to keep."""
        self._forget(_prefix(profile), keep)

    def forget_older_general(self, keep: Path) -> None:
        """Delete the general models before ``keep``, and those whose name doesn't tell whose they are."""
        self._forget(_GENERAL, keep)
        for file in self._folder.iterdir():
            if _UNNAMED.match(file.name):
                _delete(file)

    def _forget(self, prefix: str, keep: Path | None) -> None:
        with contextlib.suppress(OSError):
            for file in self._folder.glob(f"{prefix}-*"):
                if not (keep and file.name.startswith(f"{keep.name}.")) and not _being_made(file):
                    _delete(file)

    def tidy(self, in_use: Collection[Path]) -> None:
        """Delete the models used longest ago."""
        marks = _by_age(self._folder.glob("*.json"))
        idle = [mark.with_suffix("") for mark in marks if mark.with_suffix("") not in in_use]
        for path in idle[KEPT:]:
            for ending in ("json", *_ENDINGS):
                _delete(path.with_suffix(f".{ending}"))


def _prefix(profile: str) -> str:
    return hashlib.sha256(profile.encode(errors="replace")).hexdigest()[:16]


def _by_age(files: Iterator[Path]) -> list[Path]:
    """The youngest first; what goes away meanwhile is left out."""
    ages: dict[Path, float] = {}
    for file in files:
        with contextlib.suppress(OSError):
            ages[file] = file.stat().st_mtime
    return sorted(ages, key=ages.__getitem__, reverse=True)


def _being_made(file: Path) -> bool:
    """Is it the draft of a process that may still live?"""
    with contextlib.suppress(OSError):
        return _DRAFT in file.name and time.time() - file.stat().st_mtime < _BUILD_SECONDS
    return False


def _delete(file: Path) -> None:
    with contextlib.suppress(OSError):  # Windows keeps a file that a worker is reading: the next time, then
        file.unlink(missing_ok=True)


def _name(pronounce: Pronounce | None) -> str:
    return f"{getattr(pronounce, '__module__', '')}.{getattr(pronounce, '__qualname__', type(pronounce).__qualname__)}"


def _digests(path: Path) -> list[str]:
    return [hashlib.sha256(path.with_suffix(f".{ending}").read_bytes()).hexdigest() for ending in _ENDINGS]

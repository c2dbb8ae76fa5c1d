"""The models on disk: built in a process aside, kept under a key of what went into them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from vasi.engines.stt import frames
from vasi.engines.stt.background import FILE as BACKGROUND
from vasi.engines.stt.child import Child, ChildError, RequestError
from vasi.engines.stt.pronunciations import Pronounce, known_phones
from vasi.errors import EngineError
from vasi.language import letters

VERSION = 1
"""Change it when the same texts should make another model."""

KEPT = 16
"""Models (some 6 MB each) that stay on disk beside those in use."""

_BUILD_SECONDS = 120.0
_ENDINGS = ("lm", "dict")


class Models:
    """Makes, keeps and checks models. A model's *path* has no ending: ``path.lm`` and ``path.dict`` are its files."""

    def __init__(self, folder: Path, pronounce: Pronounce | None) -> None:
        self._folder = folder
        self._pronounce = pronounce
        self._one_at_a_time = asyncio.Semaphore(1)

    def path(self, texts: Sequence[str]) -> Path:
        """Where the model of ``texts`` is or will be. Reads all of them: not for the event loop."""
        state = hashlib.sha256(f"{VERSION} {_name(self._pronounce)}".encode())
        state.update(BACKGROUND.read_bytes())
        for text in texts:
            state.update(hashlib.sha256(text.encode(errors="replace")).digest())
        return self._folder / state.hexdigest()[:32]

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
            if await asyncio.to_thread(self.sound, path):
                return
            try:
                await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
                await self._build(path, texts)
            except (OSError, ChildError, RequestError) as error:
                raise EngineError(
                    f"The speech model could not be built in {self._folder} ({error}); check that the folder is "
                    "writable and the disk has space.",
                    retryable=True,
                ) from error

    async def _build(self, path: Path, texts: Sequence[str]) -> None:
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        child = await Child.spawn("vasi.engines.stt.builder")
        try:
            payload = await asyncio.to_thread(lambda: json.dumps(list(texts)).encode())
            unknown: list[str] = json.loads(await child.request(frames.READ, payload, _BUILD_SECONDS))
            spoken = await asyncio.to_thread(self._speak, unknown)
            request = {"model": str(draft), "spoken": spoken}
            await child.request(frames.BUILD, json.dumps(request).encode(), _BUILD_SECONDS)
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
        path.with_suffix(".json").write_text(json.dumps(_digests(path)), encoding="utf-8")

    def discard(self, path: Path) -> None:
        """Delete a model; it's built anew when it's needed."""
        for ending in ("json", *_ENDINGS):
            path.with_suffix(f".{ending}").unlink(missing_ok=True)

    def tidy(self, in_use: Collection[Path]) -> None:
        """Delete the models used longest ago."""
        with contextlib.suppress(OSError):
            marks = sorted(self._folder.glob("*.json"), key=lambda mark: -mark.stat().st_mtime)
            idle = [mark.with_suffix("") for mark in marks if mark.with_suffix("") not in in_use]
            for path in idle[KEPT:]:
                self.discard(path)


def _name(pronounce: Pronounce | None) -> str:
    return f"{getattr(pronounce, '__module__', '')}.{getattr(pronounce, '__qualname__', type(pronounce).__qualname__)}"


def _digests(path: Path) -> list[str]:
    return [hashlib.sha256(path.with_suffix(f".{ending}").read_bytes()).hexdigest() for ending in _ENDINGS]

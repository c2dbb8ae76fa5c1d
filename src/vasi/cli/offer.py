"""Better models, offered when ``vasi serve`` or ``vasi talk`` starts: asked once, and brought beside the work."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.config import Settings
    from vasi.engines.models import Model

log = logging.getLogger(__name__)

_LAST_WAIT_S = 1.0


class Answer(StrEnum):
    """Whether models that are missing are downloaded at the start."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


Download: TypeAlias = Annotated[
    Answer | None,
    typer.Option(
        help="Whether recommended models that are missing are downloaded; asked once, where there is a terminal."
    ),
]


def agreed_models(settings: Settings, answer: Answer | None) -> list[Model]:
    """The models to download at this start: those that are recommended and missing, if the user wants them.

    Args:
        settings: what the server is started with.
        answer: what the command line says; None for what was answered before. The answer is remembered.
    """
    from vasi.backends.upstream.choice import choose
    from vasi.engines.models.recommended import wanted

    if choose(settings).address is not None:
        return []  # a service hears and speaks
    models = wanted(settings)
    remembered = _remembered(settings)
    if answer is None:
        answer = remembered or Answer.ASK
    if not models or (answer is Answer.ASK and not _is_terminal()):
        return []
    if answer is Answer.ASK:
        size = sum(model.bytes for model in models) / 1e6
        parts = _shown(models)
        answer = (
            Answer.YES if typer.confirm(f"Download {parts} ({size:.0f} MB)?", default=True, err=True) else Answer.NO
        )
    if answer is not remembered:
        _remember(settings, answer)
    return models if answer is Answer.YES else []


async def bring(vasi: Vasi, models: list[Model]) -> None:
    """Download ``models`` beside a server, and give the engines that use them to new sessions; until cancelled."""
    from vasi.errors import VasiError

    done: asyncio.Queue[list[str]] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def work() -> None:
        try:
            failures = _install(vasi.settings, models, stop)
        except _Stopped:
            return
        if not stop.is_set():
            loop.call_soon_threadsafe(done.put_nowait, failures)

    # A thread of its own: the program doesn't wait for it when it ends, and what came is continued by the next start.
    thread = threading.Thread(target=work, name="models", daemon=True)
    thread.start()
    try:
        failures = await done.get()
        for failure in failures:
            log.warning("%s", failure)
        if len(failures) < len(models):
            await vasi.renew_engines()
            print(f"New conversations have {_shown(models)}.", file=sys.stderr, flush=True)
    except VasiError as error:
        log.warning("The models are there, but can't be used yet: %s", error)
    finally:
        stop.set()
        if thread.is_alive():
            await asyncio.to_thread(thread.join, _LAST_WAIT_S)


class _Stopped(Exception):
    """The server ends."""


def _install(settings: Settings, models: list[Model], stop: threading.Event) -> list[str]:
    """Bring them one after the other; what couldn't be, in sentences."""
    from vasi.engines.models.folders import data_root
    from vasi.engines.models.install import install
    from vasi.errors import EngineError

    total, before, told, failures = sum(model.bytes for model in models), 0, 0, list[str]()
    for model in models:

        def progress(done: int, _size: int, _what: str, before: int = before) -> None:
            nonlocal told
            if stop.is_set():
                raise _Stopped
            quarters = 4 * (before + done) // total
            if quarters > told:
                told = quarters
                print(f"Downloading models: {25 * told} % of {total / 1e6:.0f} MB", file=sys.stderr, flush=True)

        try:
            install(model, data_root(settings), progress)
        except EngineError as error:
            failures.append(error.message)
        before += model.bytes
    return failures


def _shown(models: list[Model]) -> str:
    """What they bring, for people."""
    named = {"stt": "better hearing", "tts": "a better voice", "embedder": "search by meaning"}
    parts = [named[model.part] for model in models if model.part in named] or ["better turn-taking"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _file(settings: Settings) -> Path:
    return settings.data / "models" / "download"


def _remembered(settings: Settings) -> Answer | None:
    try:
        said = _file(settings).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Answer(said) if said in tuple(Answer) else None


def _remember(settings: Settings, answer: Answer) -> None:
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _file(settings).parent.mkdir(exist_ok=True)
        _file(settings).write_text(f"{answer}\n", encoding="utf-8")
    except OSError as error:
        log.warning("The answer can't be remembered: %s", error.strerror)

"""``vasi ask``: one question, one answer, through a whole Realtime session."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Documents, Json, Language, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.cli.client import Answer, Question
    from vasi.config import Settings

_MAX_SECONDS = 120.0
_MAX_BYTES = 500_000_000
"""Two minutes of the largest usual format, eight channels of 32 bits at 96 kHz, are smaller."""


def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The question, typed.")] = None,
    wav: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The question, spoken: a WAV file of any usual format.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the spoken answer here, as WAV.")] = None,
    docs: Documents = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask a running server instead, e.g. ws://127.0.0.1:8787."),
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Send the recording at once instead of as fast as it was spoken.")
    ] = False,
    silent: Annotated[bool, typer.Option("--silent", help="Answer in writing only.")] = False,
    language: Language = None,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Ask one question and print the answer with its sources.

    The answer says where it comes from, or that your documents don't hold it.
    Timings count from the end of the question.

    For example:

    [dim]vasi ask "What does the warranty cover?"[/dim]
    [dim]vasi ask --docs manuals/ "How do I reset the pump?"[/dim]
    [dim]vasi ask --wav question.wav --out answer.wav --json[/dim]
    [dim]vasi ask --url ws://127.0.0.1:8787 "Take a note: call the dentist."[/dim]
    """
    from vasi.cli.answer import print_answer, print_answer_json

    if (question is None) == (wav is None):
        raise typer.BadParameter("Give either a QUESTION or --wav FILE.")
    if url and docs:
        raise typer.BadParameter("--docs can't be used with --url: the server reads its own documents.")
    if out and silent:
        raise typer.BadParameter("--out needs the voice that --silent leaves out.")
    settings = load_settings(data, config, assignments)
    put = _question(question, wav, paced=not fast, voice=not silent, language=language)
    answer = run(_ask_server(url, settings, put) if url else ask_here(settings, put, docs or []))
    if out is not None:
        _write(out, answer)
    (print_answer_json if json else print_answer)(answer, out)


async def ask_here(settings: Settings, question: Question, documents: list[Path]) -> Answer:
    """Ask inside this process, after reading ``documents``."""
    import time

    from vasi.app import Vasi
    from vasi.cli import client
    from vasi.cli.reading import read_named
    from vasi.cli.terminal import waiting

    # Nobody listens while it's made, so nothing is gained by making it slowly.
    settings = settings.model_copy(update={"audio_lead_ms": None})
    if documents:
        async with Vasi.open(settings, engines=False) as vasi:
            await read_named(vasi, documents)
    async with Vasi.open(settings) as vasi:
        with waiting("Getting ready ..."):
            await vasi.ready()
        link = vasi.connect(OWNER)
        try:
            with waiting("Asking ..."):
                return await client.ask(link, question, time.monotonic)
        finally:
            await link.close()


async def _ask_server(url: str, settings: Settings, question: Question) -> Answer:
    import time

    from vasi.cli import client
    from vasi.cli.socket_link import connect_to
    from vasi.cli.terminal import waiting

    async with connect_to(url, settings) as link:
        with waiting("Asking ..."):
            return await client.ask(link, question, time.monotonic)


def _question(text: str | None, wav: Path | None, *, paced: bool, voice: bool, language: str | None) -> Question:
    from vasi.cli.client import RATE, Question
    from vasi.errors import VasiError
    from vasi.media import wav as wav_file

    if wav is None:
        if not (text or "").strip():
            raise typer.BadParameter("The question is empty.")
        return Question(text=(text or "").strip(), spoken_answer=voice, language=language)
    try:
        samples = wav_file.read(_recording(wav), RATE, max_seconds=_MAX_SECONDS)
    except VasiError as error:
        error.args = (f"{wav}: {error}",)
        raise
    return Question(samples=samples, paced=paced, spoken_answer=voice, language=language)


def _recording(path: Path) -> bytes:
    """The file's bytes; looked at before it is opened, since opening a pipe waits for whoever writes into it."""
    from vasi.errors import DocumentError, LimitError

    try:
        status = path.stat()
    except FileNotFoundError:
        raise DocumentError("there is no such file; check --wav.") from None
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError("that is no file; name a WAV file with --wav.")
    if status.st_size > _MAX_BYTES:
        raise LimitError(f"it is larger than {_MAX_BYTES // 1_000_000} MB; give a shorter recording.")
    with path.open("rb") as file:
        return file.read(_MAX_BYTES)


def _write(path: Path, answer: Answer) -> None:
    from vasi.cli.client import RATE
    from vasi.media import wav as wav_file

    path.write_bytes(wav_file.write(answer.samples, RATE))

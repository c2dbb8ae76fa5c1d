"""``vasi talk``: a conversation by microphone and loudspeaker."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vasi.cli.download import fetch
from vasi.cli.offer import Download, agreed_models
from vasi.cli.options import OWNER, Config, Data, Documents, Language, Set, load_settings
from vasi.cli.running import run
from vasi.language.names import language_name

if TYPE_CHECKING:
    from pathlib import Path

    from vasi.cli.client import Event, Link
    from vasi.cli.playback import Playback
    from vasi.config import Settings


def talk(
    docs: Documents = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Talk to a running server instead, e.g. ws://127.0.0.1:8787."),
    ] = None,
    language: Language = None,
    download: Download = None,
    interpret: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGES",
            help="Interpret between two languages, e.g. en,de, or into one; needs a language model.",
        ),
    ] = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Talk, and listen to the answers; Ctrl-C ends the conversation.

    You can speak over an answer: it stops, and vasi knows how much of it you
    heard. Use headphones, or the microphone hears the loudspeaker.

    For example:

    [dim]vasi talk[/dim]
    [dim]vasi talk --docs manuals/[/dim]
    [dim]vasi talk --interpret en,fr[/dim]
    """
    from vasi.cli.terminal import warn

    settings = load_settings(data, config, assignments)
    if url and docs:
        raise typer.BadParameter("--docs can't be used with --url: the server reads its own documents.")
    if not url and (models := agreed_models(settings, download)):
        for failure in fetch(settings, models, "anywhere"):
            warn(failure)
    languages = None if interpret is None else [code.strip() for code in interpret.split(",")]
    if languages is not None and (len(languages) > 2 or not all(map(language_name, languages))):
        raise typer.BadParameter(f"--interpret takes one or two codes of languages, such as en,de; not '{interpret}'.")
    try:
        session = _session(languages, language)
        run(_talk_to(url, settings, session) if url else _talk_here(settings, docs or [], session))
    except KeyboardInterrupt:
        print()


async def _talk_here(settings: Settings, documents: list[Path], session: Event) -> None:
    from vasi.app import Vasi
    from vasi.cli.reading import read_named
    from vasi.cli.terminal import waiting

    if documents:
        async with Vasi.open(settings, engines=False) as vasi:
            await read_named(vasi, documents)
    async with Vasi.open(settings) as vasi:
        with waiting("Getting ready ..."):
            await vasi.ready()
        link = vasi.connect(OWNER)
        try:
            await _converse(link, session)
        finally:
            await link.close()


async def _talk_to(url: str, settings: Settings, session: Event) -> None:
    from vasi.cli.socket_link import connect_to

    async with connect_to(url, settings) as link:
        await _converse(link, session)


async def _converse(link: Link, session: Event) -> None:
    from vasi.cli.client import RATE, send
    from vasi.cli.playback import Playback
    from vasi.cli.soundcard import soundcard
    from vasi.cli.terminal import stdout

    playback = Playback(RATE)
    with soundcard(playback, RATE) as recorded:
        await send(link, type="session.update", session=session)
        stdout().print("Speak. Ctrl-C ends the conversation.", style="dim")
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(_send_recorded(link, recorded))
            await _follow(link, playback)
            hearing.cancel()


def _session(languages: list[str] | None, language: str | None) -> Event:
    from vasi.cli.client import RATE
    from vasi.cli.time_zone import session_extension

    form = {"type": "audio/pcm", "rate": RATE}
    transcription = {"model": "vasi"} | ({"language": language} if language else {})
    detection = {"type": "server_vad", "create_response": True, "interrupt_response": languages is None}
    return {
        "type": "realtime",
        "include": ["vasi.activity"],
        "vasi": {**session_extension(), **({} if languages is None else {"interpreting": languages})},
        "output_modalities": ["audio"],
        "audio": {
            "input": {"format": form, "turn_detection": detection, "transcription": transcription},
            "output": {"format": form},
        },
    }


async def _send_recorded(link: Link, recorded: asyncio.Queue[bytes]) -> None:
    from vasi.cli.client import send

    while True:
        block = await recorded.get()
        await send(link, type="input_audio_buffer.append", audio=base64.b64encode(block).decode())


async def _follow(link: Link, playback: Playback) -> None:
    """Play and show what the server sends, until it closes the connection."""
    import json

    from vasi.cli.terminal import warn

    screen = _Screen()
    while (frame := await link.receive()) is not None:
        event: dict[str, Any] = json.loads(frame)
        match event:
            case {"type": "input_audio_buffer.speech_started"}:
                await _fall_silent(link, playback)
            case {"type": "vasi.output_audio.hold"}:
                await _pause(link, playback)
            case {"type": "vasi.output_audio.resume"}:
                playback.resume()
            case {"type": "response.output_audio.delta"}:
                _play(event, playback)
            case {"type": "error", "error": {"message": message}}:
                warn(str(message))
            case _:
                screen.show(event)
    warn("The server closed the connection.")


async def _fall_silent(link: Link, playback: Playback) -> None:
    from vasi.cli.client import send

    cut = playback.interrupt()
    if cut is not None:
        await send(
            link,
            type="conversation.item.truncate",
            item_id=cut.item_id,
            content_index=cut.content_index,
            audio_end_ms=cut.played_ms,
        )


async def _pause(link: Link, playback: Playback) -> None:
    """Somebody may be cutting in: the server is told where the pause is, so that it knows what was heard."""
    from vasi.cli.client import send

    paused = playback.hold()
    if paused is not None:
        await send(link, type="vasi.playout", item_id=paused.item_id, played_ms=paused.played_ms)


def _play(event: dict[str, Any], playback: Playback) -> None:
    from vasi.media import pcm

    playback.add(event["item_id"], event["content_index"], pcm.decode(base64.b64decode(event["delta"])))


class _Screen:
    """What is said, on both sides, as it's said."""

    def __init__(self) -> None:
        self._answering = False

    def show(self, event: dict[str, Any]) -> None:
        from vasi.cli.terminal import clean

        match event:
            case {"type": "conversation.item.input_audio_transcription.completed", "transcript": transcript}:
                print(clean(f"You:  {transcript}"), flush=True)
            case {"type": "response.output_audio_transcript.delta", "delta": delta}:
                print(clean(delta if self._answering else f"vasi: {delta}"), end="", flush=True)
                self._answering = True
            case {"type": "response.done"} if self._answering:
                print("\n", flush=True)
                self._answering = False
            case _:
                pass

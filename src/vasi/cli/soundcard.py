"""Microphone and loudspeaker, by the optional ``sounddevice``."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from vasi.cli.playback import Playback
from vasi.errors import EngineError, EngineMissing

_BLOCK_MS = 20


@contextmanager
def soundcard(playback: Playback, rate: int) -> Generator[asyncio.Queue[bytes]]:
    """Play ``playback`` and record, both at ``rate`` Hz mono; yields the queue of recorded 16-bit blocks of 20 ms.

    Raises:
        EngineMissing: sounddevice or the PortAudio library isn't installed.
        EngineError: there is no microphone or no loudspeaker.
    """
    devices = _sounddevice()
    loop = asyncio.get_running_loop()
    recorded: asyncio.Queue[bytes] = asyncio.Queue()

    def hear(block: Any, frames: int, time: Any, status: Any) -> None:
        loop.call_soon_threadsafe(recorded.put_nowait, bytes(block))

    def speak(block: Any, frames: int, time: Any, status: Any) -> None:
        block[:] = playback.take(frames).astype("<i2").tobytes()

    size = rate * _BLOCK_MS // 1000
    form: dict[str, Any] = {"samplerate": rate, "channels": 1, "dtype": np.dtype(np.int16).name, "blocksize": size}
    try:
        with (
            devices.RawInputStream(callback=hear, **form),
            devices.RawOutputStream(callback=speak, **form),
        ):
            yield recorded
    except devices.PortAudioError as error:
        raise EngineError(
            f"The microphone or the loudspeaker can't be used ({error}); connect both, or use: vasi ask"
        ) from None


def _sounddevice() -> Any:
    try:
        return import_module("sounddevice")
    except ModuleNotFoundError:
        raise EngineMissing("Talking needs the microphone support; install it with: pip install 'vasi[talk]'") from None
    except OSError:
        raise EngineMissing(
            "Talking needs the PortAudio library; install it with: sudo apt install libportaudio2"
        ) from None

"""vasi as ``vasi serve`` runs it, but with canned engines: a real socket, gateway, machine and Silero."""

from __future__ import annotations

import argparse
import asyncio

from benchmarks.turns.process import run_server
from vasi.engines.vad.silero import SileroVad
from vasi.testing.canned import canned_engines
from vasi.testing.server import serving


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for engine in ("stt", "llm", "tts"):
        parser.add_argument(f"--{engine}-ms", type=float, default=0, help=f"how long the {engine} takes")
    given = parser.parse_args()
    engines = canned_engines(
        SileroVad(),
        heard="what was said",
        answer="Yes.",
        stt_ms=given.stt_ms,
        llm_ms=given.llm_ms,
        tts_ms=given.tts_ms,
    )
    async with serving(engines) as server:
        print(f"{server.ws}?model=bench", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    run_server(main())

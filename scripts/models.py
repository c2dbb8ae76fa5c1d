"""Brings models into the environment: ``models.py [run|test] [--kokoro]``.

They are kept in ``share/vasi/models`` of the environment, serve every data folder, and are believed by their checksum
alone. A second run does nothing. "run" brings what conversations in English should have, "test" what tests need
besides, and with ``--kokoro`` the voice that only fast machines speak with. What can't be fetched is told at the end,
and the exit code is 1 then; everything goes on without it.
"""

from __future__ import annotations

import sys

from vasi.cli.terminal import byte_progress
from vasi.config import Settings
from vasi.engines.download import extract
from vasi.engines.models import Model, catalogue
from vasi.engines.models.catalogue import Machine
from vasi.engines.models.folders import environment_root, find
from vasi.engines.models.install import install
from vasi.engines.turn import weights
from vasi.errors import EngineError

FOR_TESTS = ("whisper-tiny.en", "whisper-base", "piper-en_US-joe", "minilm-l6")
REFERENCES = (
    # (package, file in it, kept as, SHA-256)
    (
        "faster-whisper==1.2.1",
        "faster_whisper/assets/silero_vad_v6.onnx",
        "silero_vad_v6.onnx",
        "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
    ),
    (
        "pipecat-ai==1.14.0",
        "pipecat/audio/turn/smart_turn/_whisper_features.py",
        "smart_turn_features.py",
        "139b047d10dee42ad5b4894489012e515a882d8f5e2bffe8ad27b30728fc9968",
    ),
)
"""A newer Silero VAD, and how Smart Turn's makers compute what it sees."""
LARGEST = 16_000_000


def main(purpose: str, *options: str) -> int:
    """0 if everything is there."""
    missing: list[str] = []
    try:
        if not weights.shared().is_file():
            weights.fetch(Settings(), weights.shared())
    except EngineError as error:
        missing.append(f"Smart Turn, which hears whether you have finished. {error.message}")
    for model in models(purpose, options):
        try:
            if find(model, environment_root()) is None:
                with byte_progress() as advance:
                    install(model, environment_root(), advance)
        except EngineError as error:
            missing.append(error.message)
    for package, member, name, sha256 in REFERENCES if purpose == "test" else ():
        try:
            if not (environment_root() / name).is_file():
                extract(package, member, environment_root() / name, sha256=sha256, largest=LARGEST)
        except EngineError as error:
            missing.append(f"{name}, which tests need. {error.message}")
    if missing:
        print("Going on without these:", *missing, sep="\n  ", file=sys.stderr)
        if purpose == "test":
            print("Tests that need them are skipped.", file=sys.stderr)
    return 1 if missing else 0


def models(purpose: str, options: tuple[str, ...]) -> list[Model]:
    """What is wanted."""
    if purpose != "test":
        return list(catalogue().recommended("en", Machine.here()))
    names = [*FOR_TESTS, *(["kokoro-int8"] if "--kokoro" in options else [])]
    return [catalogue().get(name) for name in names]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ("test",)))

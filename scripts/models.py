"""Brings models into the environment: ``models.py [run|test] [--kokoro]``.

They are kept in ``share/vasi/models`` of the environment, serve every data folder, and are believed by their checksum
alone. A second run does nothing. "run" brings what conversations in English should have, "test" what tests need
besides, and with ``--kokoro`` the voice that only fast machines speak with. What can't be fetched is told at the end,
and the exit code is 1 then; everything goes on without it.
"""

from __future__ import annotations

import sys

from vasi.cli.terminal import byte_progress
from vasi.engines.models import Model, ModelFile, catalogue
from vasi.engines.models.catalogue import Machine
from vasi.engines.models.folders import environment_root, find
from vasi.engines.models.install import install
from vasi.errors import EngineError

FOR_TESTS = ("whisper-tiny.en", "whisper-base", "piper-en_US-joe", "smart-turn", "minilm-l6")
REFERENCES = (
    Model(
        "silero-vad-6",
        "A newer Silero VAD than the package has.",
        "turn",
        "onnxruntime",
        ("*",),
        "MIT",
        "https://github.com/snakers4/silero-vad/blob/master/LICENSE",
        cores=1,
        memory_mb=100,
        files=(
            ModelFile(
                path="silero_vad_v6.onnx",
                bytes=1_245_151,
                sha256="4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
                mirrors=("pypi:faster-whisper==1.2.1!faster_whisper/assets/silero_vad_v6.onnx",),
            ),
        ),
    ),
    Model(
        "smart-turn-features",
        "How Smart Turn's makers compute what it sees.",
        "turn",
        "onnxruntime",
        ("*",),
        "BSD-2-Clause",
        "https://github.com/pipecat-ai/pipecat/blob/main/LICENSE",
        cores=1,
        memory_mb=100,
        files=(
            ModelFile(
                path="smart_turn_features.py",
                bytes=7_221,
                sha256="139b047d10dee42ad5b4894489012e515a882d8f5e2bffe8ad27b30728fc9968",
                mirrors=("pypi:pipecat-ai==1.14.0!pipecat/audio/turn/smart_turn/_whisper_features.py",),
            ),
        ),
    ),
)
"""What vasi's own results are compared with."""


def main(purpose: str, *options: str) -> int:
    """0 if everything is there."""
    missing: list[str] = []
    for model in models(purpose, options):
        try:
            if find(model, environment_root()) is None:
                with byte_progress() as advance:
                    install(model, environment_root(), advance)
        except EngineError as error:
            missing.append(error.message)
    if missing and purpose == "test":
        print("Tests that need these models are skipped:", *missing, sep="\n  ", file=sys.stderr)
    elif missing:
        print(
            "Going on with the basic engines; `vasi download` brings better ones.",
            *missing,
            sep="\n  ",
            file=sys.stderr,
        )
    return 1 if missing else 0


def models(purpose: str, options: tuple[str, ...]) -> list[Model]:
    """What is wanted."""
    if purpose != "test":
        return list(catalogue().recommended("en", Machine.here()))
    names = [*FOR_TESTS, *(["kokoro-int8"] if "--kokoro" in options else [])]
    return [*map(catalogue().get, names), *REFERENCES]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ("test",)))

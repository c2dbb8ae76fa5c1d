"""Fetches the weights that no package brings into the environment: ``models.py [run|test]``.

They are kept in ``share/vasi/models`` of the environment, serve every data folder, and are believed by their checksum
alone. A second run does nothing.
"""

from __future__ import annotations

import sys

from vasi.config import Settings
from vasi.engines.download import extract
from vasi.engines.turn import weights
from vasi.errors import EngineError

FOLDER = weights.shared().parent
FOR_TESTS = (
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


def main(purpose: str) -> int:
    """0 if everything is there."""
    lacking = 0
    try:
        if not weights.shared().is_file():
            weights.fetch(Settings(), weights.shared())
    except EngineError as error:
        lacking += 1
        print(f"Going on without Smart Turn, which hears whether you have finished. {error.message}", file=sys.stderr)
    for package, member, name, sha256 in FOR_TESTS if purpose == "test" else ():
        try:
            if not (FOLDER / name).is_file():
                extract(package, member, FOLDER / name, sha256=sha256, largest=LARGEST)
        except EngineError as error:
            lacking += 1
            print(f"Going on without {name}, which tests need. {error.message}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ("test",)))

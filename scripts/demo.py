"""The main job, shown: asks the sample documents a recorded question, then serves on port 8787.

``--once`` stops after the answer. Exit code 0 only if the answer holds the fact and cites the right document.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from vasi.cli.answer import print_answer
from vasi.cli.ask import ask_here
from vasi.cli.client import RATE, Answer, Question
from vasi.cli.terminal import complain, stdout
from vasi.config import default_data, load_settings
from vasi.errors import VasiError
from vasi.media import wav

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PLAYERS = (["paplay"], ["pw-play"], ["aplay", "-q"], ["afplay"])


def main() -> int:
    data = demo_folder()
    asked = demo_question()
    recording = EXAMPLES / "questions" / asked["wav"]
    documents = EXAMPLES / "documents"
    console = stdout()
    console.print(f"Asking {shown(documents)} by voice: {shown(recording)}\n", style="dim")
    try:
        settings = load_settings({"data": data})
        question = Question(samples=wav.read(recording.read_bytes(), RATE))
        answer = asyncio.run(ask_here(settings, question, [documents]))
    except VasiError as error:
        complain(str(error))
        return 1
    spoken = settings.data / "answer.wav"
    spoken.write_bytes(wav.write(answer.samples, RATE))
    print_answer(answer, spoken)
    play(spoken)
    if wrong := fault(answer, asked):
        complain(wrong)
        return 1
    if "--once" in sys.argv:
        return 0
    console.print("\nNow serving: open http://127.0.0.1:8787 and talk. On the command line it is asked with")
    console.print("  .venv/bin/vasi ask --url ws://127.0.0.1:8787 'your question'\n")
    vasi = str(Path(sys.executable).with_name("vasi"))
    os.execv(vasi, [vasi, "serve", "--data", str(data)])
    return 0


def demo_folder() -> Path:
    """Beside the user's own data, so that the samples never mix with it."""
    chosen = os.environ.get("VASI_DATA")
    if chosen:
        return Path(chosen).expanduser() / "demo"
    return default_data().with_name("vasi-demo")


def demo_question() -> dict[str, Any]:
    questions = json.loads((EXAMPLES / "questions" / "questions.json").read_text(encoding="utf-8"))
    return next(question for question in questions if question.get("demo"))


def fault(answer: Answer, asked: dict[str, Any]) -> str | None:
    """What is wrong with the answer, if anything."""
    if not answer.samples.size:
        return "The answer has no sound."
    if not any(fact.lower() in answer.answer.lower() for fact in asked["facts"]):
        return f"The answer should hold one of: {', '.join(asked['facts'])}."
    cited = [citation.document for citation in answer.citations]
    if asked["document"] not in cited:
        return f"The answer should cite {asked['document']}, but cites {', '.join(cited) or 'nothing'}."
    return None


def play(path: Path) -> None:
    """Aloud, where there is a player and a loudspeaker; otherwise the file has to do."""
    for player in PLAYERS:
        if shutil.which(player[0]):
            try:
                played = subprocess.run([*player, str(path)], capture_output=True, timeout=60, check=False)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if played.returncode == 0:
                return


def shown(path: Path) -> str:
    return os.path.relpath(path)


if __name__ == "__main__":
    sys.exit(main())

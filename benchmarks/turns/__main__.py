"""Measures turn-taking and prints the tables; ``--json FILE`` writes the figures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.turns import audio_time, wall_clock
from benchmarks.turns.figures import show

SEED = 20_26


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of what is drawn by chance; {SEED} unless set")
    parser.add_argument("--quick", action="store_true", help="a look within a minute; too few turns to judge by")
    parser.add_argument(
        "--engines-ms",
        type=int,
        nargs=3,
        default=(0, 0, 0),
        metavar=("STT", "LLM", "TTS"),
        help="let the canned engines take so long, such as 50 200 100; no time at all unless set",
    )
    parser.add_argument("--tier", choices=("audio_time", "wall_clock"), help="only this one")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    if given.tier != "wall_clock":
        heard = audio_time.measure(given.seed, words=not given.quick)
        audio_time.show(heard)
        figures["audio_time"] = heard.json()
    if given.tier != "audio_time":
        plan = wall_clock.QUICK if given.quick else wall_clock.FULL
        tier = wall_clock.measure(plan, given.seed, tuple(given.engines_ms))
        show(tier)
        figures["wall_clock"] = tier.json()
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Measures turn-taking and prints the tables; ``--json FILE`` writes the figures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.turns import wall_clock
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
    given = parser.parse_args()
    plan = wall_clock.QUICK if given.quick else wall_clock.FULL
    tiers = {"wall_clock": wall_clock.measure(plan, given.seed, tuple(given.engines_ms))}
    for tier in tiers.values():
        show(tier)
    if given.json:
        figures = {name: tier.json() for name, tier in tiers.items()}
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

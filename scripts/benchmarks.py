"""Runs benchmarks/*.py one after the other, keeps the JSON that each prints, and prints one table.

A benchmark is a script whose standard output is one JSON object of figures; its notes go to standard error.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vasi.cli.terminal import complain, print_table

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
LONGEST_S = 1800


def main(names: list[str]) -> int:
    there = {path.stem: path for path in sorted(BENCHMARKS.glob("[a-z]*.py"))}
    unknown = [name for name in names if name not in there]
    if unknown:
        complain(f"There is no benchmark {unknown[0]}; there are: {', '.join(there)}.")
        return 2
    results = BENCHMARKS / "results"
    results.mkdir(exist_ok=True)
    rows: list[tuple[str, str, str]] = []
    failed = 0
    for name in names or there:
        print(f"{name} ...", file=sys.stderr, flush=True)
        began = time.monotonic()
        figures = measure(there[name])
        if figures is None:
            failed += 1
            rows.append((name, "failed", ""))
            continue
        stamped = {
            "benchmark": name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - began, 1),
            "figures": figures,
        }
        (results / f"{name}.json").write_text(json.dumps(stamped, indent=2) + "\n", encoding="utf-8")
        rows += [(name, key, value) for key, value in flatten(figures)]
    print_table(("Benchmark", "Figure", "Value"), rows)
    return 1 if failed else 0


def measure(script: Path) -> dict[str, Any] | None:
    try:
        run = subprocess.run(
            [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, timeout=LONGEST_S, check=True
        )
        return json.loads(run.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError) as error:
        complain(f"{script.name}: {error}")
        return None


def flatten(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in figures.items():
        if isinstance(value, dict):
            rows += flatten(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", f"{value:g}" if isinstance(value, float) else str(value)))
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

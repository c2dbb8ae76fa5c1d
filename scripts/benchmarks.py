"""Runs benchmarks/* one after the other and shows their tables; their JSON goes to benchmarks/results/.

A benchmark is a script, or a package with a ``__main__``, that takes ``--json FILE`` for its figures. What each run was
made on stands in machine.json.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from vasi import __version__
from vasi.cli.terminal import complain, print_table

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
RESULTS = BENCHMARKS / "results"
LONGEST_S = 3600


def main(names: list[str]) -> int:
    found = [*BENCHMARKS.glob("[a-z]*.py"), *(main.parent for main in BENCHMARKS.glob("[a-z]*/__main__.py"))]
    there = {path.stem: path for path in sorted(found)}
    unknown = [name for name in names if name not in there]
    if unknown:
        complain(f"There is no benchmark {unknown[0]}; there are: {', '.join(there)}.")
        return 2
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "vasi": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    (RESULTS / "machine.json").write_text(json.dumps(machine, indent=2) + "\n", encoding="utf-8")
    rows: list[tuple[str, str, str]] = []
    for name in names or there:
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        good = run(there[name])
        rows.append((name, "ok" if good else "failed", f"{time.monotonic() - began:.0f} s"))
    print()
    print_table(("Benchmark", "Result", "Took"), rows)
    print(f"Figures: {RESULTS.relative_to(ROOT)}/")
    return 0 if all(result == "ok" for _, result, _ in rows) else 1


def run(script: Path) -> bool:
    figures = RESULTS / f"{script.stem}.json"
    figures.unlink(missing_ok=True)
    program = ["-m", f"benchmarks.{script.name}"] if script.is_dir() else [str(script)]
    try:
        subprocess.run([sys.executable, *program, "--json", str(figures)], cwd=ROOT, timeout=LONGEST_S, check=True)
    except subprocess.SubprocessError as error:
        complain(f"{script.name}: {error}")
        return False
    if not figures.exists():
        complain(f"{script.name} wrote no figures.")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

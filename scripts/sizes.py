"""How large the modules are. Fails when one is over the hard cap: 500 lines in src, 900 in tests."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CAPS = {"src": 500, "tests": 900}
WORTH_A_LOOK = 400


def main() -> int:
    too_large = 0
    for folder, cap in CAPS.items():
        sizes = {
            path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted((ROOT / folder).rglob("*.py"))
        }
        sizes = {path: lines for path, lines in sizes.items() if lines}
        if not sizes:
            continue
        print(
            f"{folder}: {len(sizes)} modules, {sum(sizes.values()):,} lines, "
            f"median {statistics.median(sizes.values()):.0f}, largest {max(sizes.values())}"
        )
        for path, lines in sorted(sizes.items(), key=lambda entry: -entry[1]):
            if lines > cap:
                too_large += 1
                print(f"  {path.relative_to(ROOT)}: {lines} lines, over the cap of {cap}: split it")
            elif lines > WORTH_A_LOOK and folder == "src":
                print(f"  {path.relative_to(ROOT)}: {lines} lines, worth a look")
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main())

"""What was measured, as rows of a table and as JSON."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Column, Table

WIDTH = 150
COLUMNS = ("median", "p95", "max", "n", "floor median", "floor p95", "ratio")


@dataclass(frozen=True, slots=True)
class Summary:
    """Many measurements of one thing."""

    median: float
    p95: float
    max: float
    n: int


def summary(values: Iterable[float]) -> Summary | None:
    """None without a value."""
    ordered = sorted(map(float, values))
    if not ordered:
        return None
    rank = max(0, math.ceil(0.95 * len(ordered)) - 1)
    median, p95, most = (round(value, 3) for value in (statistics.median(ordered), ordered[rank], ordered[-1]))
    return Summary(median, p95, most, len(ordered))


@dataclass(frozen=True, slots=True)
class Row:
    """One metric.

    Attributes:
        id: of the metric, such as "T2".
        what: what is measured.
        unit: of the figures.
        vasi: what vasi did.
        floor: what the floor server did in the same run, where it can do it at all.
        target: the limit, on ``target_of`` of vasi's figures; None where there is none.
    """

    id: str
    what: str
    unit: str
    vasi: Summary | None
    floor: Summary | None = None
    target: float | None = None
    target_of: str = "median"

    @property
    def ratio(self) -> float | None:
        """Vasi's median by the floor's."""
        if self.vasi is None or self.floor is None or not self.floor.median:
            return None
        return round(self.vasi.median / self.floor.median, 2)

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None without one, or without a measurement."""
        if self.target is None or self.vasi is None:
            return None
        return getattr(self.vasi, self.target_of) <= self.target

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


@dataclass(slots=True)
class Tier:
    """The rows of one tier, and what they were measured on.

    Attributes:
        name: of the tier.
        about: seed, files, load, and whatever else helps to judge the figures.
        rows: the metrics.
    """

    name: str
    about: dict[str, Any]
    rows: list[Row] = field(default_factory=list[Row])

    def json(self) -> dict[str, Any]:
        return {"about": self.about, "metrics": [row.json() for row in self.rows]}


def show(tier: Tier) -> None:
    """Print the table of a tier."""
    table = Table("", tier.name, "unit", *(_right(name) for name in COLUMNS), "target")
    for row in tier.rows:
        table.add_row(row.id, row.what, row.unit, *_figures(row), _verdict(row))
    console = Console(width=WIDTH)
    console.print(table)
    for name, value in tier.about.items():
        shown = ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else value
        console.print(f"{name}: {shown}", highlight=False)


def _right(name: str) -> Any:
    return Column(name, justify="right")


def _figures(row: Row) -> list[str]:
    vasi, floor = row.vasi, row.floor
    own = ["-"] * 4 if vasi is None else [*(_shown(x) for x in (vasi.median, vasi.p95, vasi.max)), str(vasi.n)]
    other = ["", ""] if floor is None else [_shown(floor.median), _shown(floor.p95)]
    return [*own, *other, "" if row.ratio is None else f"{row.ratio:.2f}"]


def _shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _verdict(row: Row) -> str:
    verdict = {True: "ok", False: "MISSED", None: "-"}[row.met]
    return "" if row.target is None else f"{verdict:6} {row.target_of} <= {row.target:g}"

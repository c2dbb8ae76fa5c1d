"""Time zones by their IANA names."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone called ``name``; None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown; not a name; a folder of names
        return None


def in_zone(moment: datetime, name: str | None) -> datetime:
    """``moment`` as the clock shows it there; as it is, if the zone isn't known."""
    zone = None if name is None else zone_named(name)
    return moment if zone is None else moment.astimezone(zone)

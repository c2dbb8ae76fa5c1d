"""The name of this machine's time zone."""

from __future__ import annotations

import os
from pathlib import Path

from vasi.language.time_zones import zone_named

_LOCAL_TIME = Path("/etc/localtime")


def own_time_zone() -> str | None:
    """Its IANA name, as ``TZ`` or the system has it; None where that isn't known."""
    name = os.environ.get("TZ", "").lstrip(":")
    if name and zone_named(name) is not None:
        return name
    try:
        linked = os.fspath(_LOCAL_TIME.resolve())
    except OSError:
        return None
    _, found, name = linked.partition("zoneinfo/")
    return name if found and zone_named(name) is not None else None


def session_extension() -> dict[str, str | None]:
    """What a session is told of it."""
    name = own_time_zone()
    return {} if name is None else {"time_zone": name}

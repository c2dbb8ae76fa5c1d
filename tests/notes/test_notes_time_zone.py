"""Whose midnight it is: dates are those of the user's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.notes.talks import OWNER, note_talk


async def test_yesterday_is_that_of_the_users_time_zone(tmp_path: Path) -> None:
    async with note_talk(tmp_path) as talk:  # where it is midnight of March 4, in UTC
        await talk.notes.add(OWNER, "the boiler is loud", datetime(2026, 3, 3, 6, tzinfo=UTC))
        assert await talk.say("What did I note yesterday?") == (
            "You have one note from yesterday. Yesterday: the boiler is loud."
        )
        session = await talk.table.client.update(vasi={"time_zone": "America/New_York"})  # still March 3
        assert session["vasi"] == {"time_zone": "America/New_York"}
        assert await talk.say("What did I note yesterday?") == "You have no notes from yesterday."
        assert await talk.say("What did I note today?") == "You have one note from today. Today: the boiler is loud."
        assert await talk.say("What day is it?") == "Today is Tuesday, March 3, 2026."


async def test_a_zone_that_there_is_not_is_refused(tmp_path: Path) -> None:
    async with note_talk(tmp_path) as talk:
        for name in ("Mars/Olympus", "../etc/passwd", "Europe"):
            await talk.table.client.send("session.update", session={"type": "realtime", "vasi": {"time_zone": name}})
            error = (await talk.table.client.until("error"))["error"]
            assert error["param"] == "session.vasi.time_zone"
        assert "vasi" not in (await talk.table.client.update(instructions="x"))


async def test_an_export_has_the_dates_of_the_zone(tmp_path: Path) -> None:
    async with note_talk(tmp_path) as talk:
        await talk.notes.add(OWNER, "x", datetime(2026, 3, 3, 23, tzinfo=UTC))
        assert "## 2026-03-04 08:00 JST" in await talk.notes.export(OWNER, "markdown", ZoneInfo("Asia/Tokyo"))

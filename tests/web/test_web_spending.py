"""Who has used up the day's share is told so, may still read, and isn't helped by a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.app_server import running
from vasi.accounts.principals import LOCAL_OWNER
from vasi.config import LimitSettings
from vasi.testing.llm import ScriptedLlm


async def test_the_day_is_used_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = LimitSettings(tokens_per_day=1)
    async with running(tmp_path, monkeypatch, ScriptedLlm("Hello."), limits=limits) as app, app.talk() as client:
        assert (await client.say("Hello"))["status"] == "completed"
        response = await client.say("Again")
        error = response["status_details"]["error"]
        assert (response["status"], error["type"], error["code"]) == (
            "failed",
            "insufficient_quota",
            "insufficient_quota",
        )
        assert "1 tokens" in error["message"]
        first = client.of("conversation.item.added")[0]["item"]["id"]
        await client.send("conversation.item.retrieve", item_id=first)
        assert (await client.until("conversation.item.retrieved"))["item"]["id"] == first
        assert not client.of("error")
    async with running(tmp_path, monkeypatch, ScriptedLlm(), limits=limits) as app, app.talk() as client:
        assert [event["error"]["code"] for event in client.of("error")] == ["insufficient_quota"]
        assert (await client.say("And now?"))["status"] == "failed"


async def test_a_session_s_time_is_written_when_the_server_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = LimitSettings(minutes_per_day=60)
    async with running(tmp_path, monkeypatch, ScriptedLlm("Hello."), limits=limits) as app, app.talk() as client:
        assert (await client.say("Hello"))["status"] == "completed"
    async with running(tmp_path, monkeypatch, limits=limits) as app:
        today = datetime.now(UTC).date()
        days = [await app.vasi.store.spent(LOCAL_OWNER, day) for day in (today, today - timedelta(days=1))]
        assert 0 < sum(spent.seconds for spent in days) < 60
        assert sum(spent.tokens for spent in days) > 0

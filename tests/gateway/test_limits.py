"""Who asks for too much is told so, and may go on later; everybody sees what is left."""

import pytest

from tests.gateway.sessions import session
from vasi.gateway.limits import Limits, Meter
from vasi.testing.engines import ScriptedStt
from vasi.testing.llm import Reply, ScriptedLlm
from vasi.testing.settings import rate_settings

TEXT = {"output_modalities": ["text"]}


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def left(meter):
    return {limit.name: (limit.remaining, limit.reset_seconds) for limit in meter.rate_limits().rate_limits}


# --- the meter ------------------------------------------------------------------------------------------------------
def test_what_was_used_comes_back_evenly(clock):
    meter = Meter(rate_settings(requests=6, tokens=600), clock)
    assert meter.admit() is None
    meter.use_tokens(60)
    assert left(meter) == {"requests": (5, 10.0), "tokens": (540, 6.0)}
    clock.now += 3
    assert left(meter) == {"requests": (5, 7.0), "tokens": (570, 3.0)}
    clock.now += 60
    assert left(meter) == {"requests": (6, 0.0), "tokens": (600, 0.0)}


def test_the_refusal_says_when_to_come_back(clock):
    meter = Meter(rate_settings(requests=2, tokens=600), clock)
    assert meter.admit() is None
    assert meter.admit() is None
    refusal = meter.admit()
    assert (refusal.type, refusal.code) == ("rate_limit_exceeded", "rate_limit_exceeded")
    assert "2 requests per minute" in refusal.message
    assert "in 30.0 seconds" in refusal.message
    clock.now += 29
    assert meter.admit() is not None, "a refusal uses nothing up, nor does it help"
    clock.now += 1.1
    assert meter.admit() is None


def test_a_response_may_overdraw_the_tokens_but_the_next_one_waits(clock):
    meter = Meter(rate_settings(requests=100, tokens=600), clock)
    assert meter.admit() is None
    meter.use_tokens(900)
    assert left(meter)["tokens"] == (0, 90.0)
    assert "600 tokens per minute" in meter.admit().message
    clock.now += 30.2
    assert meter.admit() is None


def test_a_principal_has_one_meter_and_nobody_elses(clock):
    limits = Limits(rate_settings(requests=1), clock)
    assert limits.meter("alice").admit() is None
    assert limits.meter("alice").admit() is not None
    assert limits.meter("bob").admit() is None


# --- sessions -------------------------------------------------------------------------------------------------------
async def test_every_response_is_followed_by_what_is_left(clock):
    meter = Meter(rate_settings(requests=6, tokens=60_000), clock)
    async with session(ScriptedLlm("Yes."), meter=meter) as table:
        response = await table.client.say("Hello", **TEXT)
        shown = (await table.client.next())["rate_limits"]
        tokens = 60_000 - response["usage"]["total_tokens"]
        assert response["usage"]["total_tokens"] > 0
        assert [(limit["name"], limit["limit"], limit["remaining"]) for limit in shown] == [
            ("requests", 6, 5),
            ("tokens", 60_000, tokens),
        ]
        assert shown[0]["reset_seconds"] == 10


async def test_one_request_too_many_fails_and_the_session_lives(clock):
    llm = ScriptedLlm(Reply("One."), Reply("Two."), Reply("Three."))
    meter = Meter(rate_settings(requests=1), clock)
    async with session(llm, meter=meter) as table:
        client = table.client
        await client.say("Hello", **TEXT)
        response = await client.say("Again", metadata={"mine": "1"}, **TEXT)
        assert (response["status"], response["output"], response["metadata"]) == ("failed", [], {"mine": "1"})
        error = response["status_details"]["error"]
        assert (error["type"], error["code"]) == ("rate_limit_exceeded", "rate_limit_exceeded")
        assert "Rate limit reached" in error["message"]
        clock.now += 60
        response = await client.say("And now?", **TEXT)
        assert response["status"] == "completed"
        assert not client.of("error")
        items = [event["item"]["id"] for event in client.of("conversation.item.added")]
        created = [event["response"]["id"] for event in client.of("response.created")]
        assert len(set(items)) == 5, "what the model may have begun to say isn't shown"
        assert [event["response"]["id"] for event in client.of("response.done")] == created


async def test_a_spoken_turn_is_counted_as_well(clock):
    meter = Meter(rate_settings(requests=1), clock)
    llm = ScriptedLlm("One.", "Two.")
    async with session(llm, stt=ScriptedStt(["Hello.", "Hello?"]), meter=meter) as table:
        await table.speak()
        assert (await table.client.until("response.done"))["response"]["status"] == "completed"
        await table.speak()
        response = (await table.client.until("response.done"))["response"]
        assert response["status_details"]["error"]["code"] == "rate_limit_exceeded"
        assert not table.client.of("error")

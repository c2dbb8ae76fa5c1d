"""Which models a service is asked for, and with which fields."""

from __future__ import annotations

import datetime
import logging
from typing import Any

import pytest

from tests.backends.upstream.relays import relayed, service_at
from tests.fakes.realtime_service import Faults, Kind, RealtimeService, realtime_service
from vasi.backends.upstream import models
from vasi.backends.upstream.address import address
from vasi.backends.upstream.choice import choose
from vasi.backends.upstream.credentials import Key
from vasi.backends.upstream.refusals import scrubbed
from vasi.backends.upstream.service import Service, ServiceSettings
from vasi.config import Settings
from vasi.config.tables import UpstreamSettings
from vasi.protocol.session import Session, updated

OPENAI = "https://api.openai.com/v1"
AZURE = "https://somewhere.openai.azure.com"


def service(base_url: str = OPENAI, model: str | None = "m") -> Service:
    there = address(base_url, model)
    return Service(
        there, Key("k", there), ServiceSettings(None, asks_again=False, connect_timeout_s=1.0, reconnect_s=1.0)
    )


def test_the_default_models_have_no_end() -> None:
    for name in (models.REALTIME_MODEL, models.TRANSCRIPTION_MODEL):
        assert models.retirement(name) is None
    assert address(OPENAI, None).model == models.REALTIME_MODEL
    assert service().transcribe({})["model"] == models.TRANSCRIPTION_MODEL


@pytest.mark.parametrize("name", [*models.REALTIME, *models.TRANSCRIPTION])
def test_every_retired_model_has_a_day_and_a_successor_that_stays(name: str) -> None:
    model = models.REALTIME.get(name) or models.TRANSCRIPTION[name]
    assert (model.ends is None) == (model.successor is None)
    if model.ends is not None:
        assert datetime.date.fromisoformat(model.ends)
        assert model.successor in (models.REALTIME if name in models.REALTIME else models.TRANSCRIPTION)
        assert models.retirement(model.successor) is None


@pytest.mark.parametrize("name", ["whisper-1", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize"])
def test_a_retired_transcription_model_of_a_client_is_replaced_where_it_is_retired(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    hosted = service()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert hosted.transcribe({"model": name})["model"] == "gpt-transcribe"
    assert [record.message.count(name) for record in caplog.records] == [1], "it's told once"
    for base_url in (AZURE, "http://localhost:8080/v1"):
        assert service(base_url).transcribe({"model": name})["model"] == name, "there it's somebody's own name"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"model": "gpt-4o-mini-transcribe", "language": "de", "prompt": "Names.", "delay": "low"},
            {"model": "gpt-transcribe", "languages": ["de"], "prompt": "Names."},
        ),
        (
            {"model": "gpt-transcribe", "language": "de", "languages": ["fr"]},
            {"model": "gpt-transcribe", "languages": ["fr"]},
        ),
        (
            {"model": "gpt-realtime-whisper", "language": "de", "prompt": "x", "delay": "high", "keywords": ["a"]},
            {"model": "gpt-realtime-whisper", "language": "de", "delay": "high"},
        ),
        ({"model": "my-own", "language": "de", "delay": "low"}, {"model": "my-own", "language": "de", "delay": "low"}),
    ],
)
def test_a_transcription_model_gets_only_the_fields_that_it_takes(asked: Any, told: Any) -> None:
    assert service().transcribe(asked) == told


def settings(**upstream: Any) -> Settings:
    return Settings(upstream=UpstreamSettings(**upstream))


def test_a_retired_realtime_model_of_the_settings_is_replaced_and_the_doctor_says_so() -> None:
    found = choose(settings(base_url=OPENAI, model="gpt-realtime", transcription_model="whisper-1", api_key="k"))
    assert found.address is not None
    assert found.address.model == "gpt-realtime-2.1"
    for part in ("upstream.model", "'gpt-realtime-2.1'", "2027-01-20", "upstream.transcription_model", "2027-02-26"):
        assert part in found.better
    assert choose(settings(base_url=OPENAI, model="gpt-realtime-2", api_key="k")).better == ""


@pytest.mark.parametrize("base_url", [AZURE, "http://127.0.0.1:9/v1"])
def test_deployments_and_models_of_other_services_keep_their_names(base_url: str) -> None:
    found = choose(settings(base_url=base_url, model="gpt-realtime", transcription_model="whisper-1", api_key="k"))
    assert found.address is not None
    assert (found.address.model, found.better) == ("gpt-realtime", "")


@pytest.mark.parametrize("kind", ["azure", "openai"])
async def test_a_model_without_turn_detection_transcribes_what_is_committed(kind: Kind) -> None:
    given: Any = {"upstream": {"transcription_model": "gpt-live-transcribe"}, "initial": {"type": "transcription"}}
    async with realtime_service(kind) as fake, relayed(fake, **given) as table:
        (created,) = table.client.of("session.created")
        assert created["session"]["audio"]["input"]["turn_detection"] is None
        told = fake.received("session.update")[0]["session"]["audio"]["input"]
        assert (told["turn_detection"], told["transcription"]["model"]) == (None, "gpt-live-transcribe")
        detection = {"turn_detection": {"type": "server_vad"}}
        await table.client.send("session.update", session={"type": "transcription", "audio": {"input": detection}})
        refused = await table.client.until("error")
        assert refused["error"]["param"] == "session.audio.input.turn_detection"
        assert "commit" in refused["error"]["message"]


REASONING: Any = {"reasoning": {"effort": "low"}, "parallel_tool_calls": False}


def asked_with(fake: RealtimeService, kind: str, of: str) -> list[dict[str, Any]]:
    """What of ``REASONING`` the service was sent with these events."""
    sent = [event.get(of) or {} for event in fake.received(kind)]
    return [{name: value for name, value in fields.items() if name in REASONING} for fields in sent]


async def test_how_the_model_reasons_is_told_to_the_service() -> None:
    async with realtime_service("openai") as fake, relayed(fake) as table:
        shown = await table.client.update(**REASONING)
        assert {name: shown[name] for name in REASONING} == REASONING
        assert asked_with(fake, "session.update", "session") == [{}, REASONING]
        other = {"reasoning": {"effort": "high"}, "parallel_tool_calls": True}
        assert (await table.client.say("Hello.", **other))["status"] == "completed"
        assert asked_with(fake, "response.create", "response") == [other]
        fake.break_off()
        await table.client.say("And now?")
        assert asked_with(fake, "session.update", "session")[-1] == REASONING


@pytest.mark.parametrize("field", ["reasoning", "parallel_tool_calls"])
@pytest.mark.parametrize("lenient", [False, True])
async def test_a_service_that_refuses_such_a_field_answers_without_it(field: str, lenient: bool) -> None:
    taken = {name: value for name, value in REASONING.items() if name != field}
    async with realtime_service("openai", lenient=lenient, faults=Faults(refuse_field=field)) as fake:
        shared = service_at(fake)
        async with relayed(fake, service=shared) as table:
            shown = await table.client.update(**REASONING, instructions="Be brief.")
            assert {name: shown[name] for name in REASONING} == REASONING
            assert fake.connections[0].session["instructions"].endswith("Be brief.")
            assert asked_with(fake, "session.update", "session") == [{}, REASONING, taken]
            assert (await table.client.say("Hello.", **REASONING))["status"] == "completed"
            assert asked_with(fake, "response.create", "response") == [taken]
            assert not table.client.of("error")
        async with relayed(fake, service=shared, initial=REASONING) as table:
            assert (await table.client.say("Hello."))["status"] == "completed"
        assert asked_with(fake, "session.update", "session")[3:] == [taken], "it's remembered"


async def test_a_session_that_begins_with_a_field_that_the_service_refuses() -> None:
    faults = Faults(refuse_field="reasoning")
    async with realtime_service("openai", faults=faults) as fake, relayed(fake, initial=REASONING) as table:
        assert (await table.client.say("Hello."))["status"] == "completed"
        assert not table.client.of("error")


async def test_a_response_that_the_service_refuses_for_such_a_field_is_asked_for_without() -> None:
    async with realtime_service("openai", faults=Faults(refuse_field="reasoning")) as fake, relayed(fake) as table:
        assert (await table.client.say("Hello.", **REASONING))["status"] == "completed"
        assert [len(fields) for fields in asked_with(fake, "response.create", "response")] == [2, 1]
        assert not table.client.of("error")


@pytest.mark.parametrize(("model", "takes"), [("gpt-realtime-2.1", True), ("gpt-realtime-1.5", False), ("m", True)])
def test_models_that_do_not_reason_are_not_told_how(model: str, takes: bool) -> None:
    session = updated(Session(id="s", model=model, expires_at=0), REASONING)
    assert (service(model=model).accepted(session) == session) is takes


def test_the_conversation_that_is_told_again_is_as_long_as_the_model_takes() -> None:
    assert service(model="gpt-realtime-2.1").context_tokens == 128_000
    assert service(model="my-deployment").context_tokens == 32_000


def test_a_short_secret_is_hidden_where_it_stands_alone_and_a_long_one_everywhere() -> None:
    assert scrubbed("search_knowledge with the key k.", "k") == "search_knowledge with the key [hidden]."
    assert scrubbed("Bearer_0123456789abcdeX", "0123456789abcdeX") == "Bearer_[hidden]"

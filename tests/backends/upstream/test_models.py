"""Which models a service is asked for, and with which fields."""

from __future__ import annotations

import datetime
import logging
from typing import Any

import pytest

from tests.backends.upstream.relays import relayed
from tests.fakes.realtime_service import Kind, realtime_service
from vasi.backends.upstream import models
from vasi.backends.upstream.address import address
from vasi.backends.upstream.choice import choose
from vasi.backends.upstream.credentials import Key
from vasi.backends.upstream.refusals import scrubbed
from vasi.backends.upstream.service import Service, ServiceSettings
from vasi.config import Settings
from vasi.config.tables import UpstreamSettings

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


def test_a_short_secret_is_hidden_where_it_stands_alone_and_a_long_one_everywhere() -> None:
    assert scrubbed("search_knowledge with the key k.", "k") == "search_knowledge with the key [hidden]."
    assert scrubbed("Bearer_0123456789abcdeX", "0123456789abcdeX") == "Bearer_[hidden]"

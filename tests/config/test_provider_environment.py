"""Which service the variables of Azure OpenAI and OpenAI name, and that a key in the shell alone names none."""

from __future__ import annotations

from pathlib import Path

import pytest

from vasi.backends.upstream.choice import choose
from vasi.config import Settings, load_settings
from vasi.errors import ConfigError

VOICERAG = {
    "AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com/",
    "AZURE_OPENAI_REALTIME_DEPLOYMENT": "gpt-4o-realtime",
    "AZURE_OPENAI_REALTIME_VOICE_CHOICE": "echo",
    "AZURE_OPENAI_API_KEY": "canary-key",
    "AZURE_SEARCH_ENDPOINT": "https://search",
    "AZURE_TENANT_ID": "tenant",
}
"""As VoiceRAG's set-up writes it."""


@pytest.fixture
def load(tmp_path: Path):
    def loaded(flags: dict[str, object] | None = None, **environ: str) -> Settings:
        assigned = {name: str(value) for name, value in (flags or {}).items()}
        return load_settings(assigned=assigned, environ={"VASI_DATA": str(tmp_path), **environ})

    return loaded


def test_the_variables_of_voicerag_work_as_they_are(load) -> None:
    settings = load(**VOICERAG)
    choice = choose(settings)
    assert choice.address is not None
    assert choice.address.url(listening=False) == (
        "wss://mine.openai.azure.com/openai/v1/realtime?model=gpt-4o-realtime"
    )
    assert (settings.voice, settings.upstream.tenant_id) == ("echo", "tenant")
    assert settings.upstream.api_key.get_secret_value() == "canary-key"
    assert "AZURE_OPENAI_REALTIME_DEPLOYMENT" in choice.why
    assert "canary-key" not in repr(settings) + choice.why


@pytest.mark.parametrize("form", ["{}\r", '"{}"', "'{}' \r", " {} "])
def test_a_file_of_variables_works_whoever_reads_it(load, form: str) -> None:
    settings = load(**{name: form.format(value) for name, value in VOICERAG.items()})
    choice = choose(settings)
    assert choice.address is not None
    assert choice.address.url(listening=False).endswith("azure.com/openai/v1/realtime?model=gpt-4o-realtime")
    assert settings.upstream.api_key.get_secret_value() == "canary-key"
    assert settings.voice == "echo"


@pytest.mark.parametrize("key", ["canary\r\nkey", "canary-kéy", "canary key", "canary'key"])
def test_a_key_that_is_none_is_refused_at_the_start_without_showing_it(load, key: str) -> None:
    with pytest.raises(ConfigError, match=r"AZURE_OPENAI_API_KEY.*copy it again") as caught:
        load(**{**VOICERAG, "AZURE_OPENAI_API_KEY": key})
    assert "canary" not in str(caught.value)


def test_an_endpoint_without_its_scheme_is_told_with_an_example_of_its_kind(load) -> None:
    with pytest.raises(ConfigError, match=r"https://YOUR-RESOURCE\.openai\.azure\.com"):
        load(**{**VOICERAG, "AZURE_OPENAI_ENDPOINT": "mine.openai.azure.com"})


@pytest.mark.parametrize(
    "environ",
    [
        {"OPENAI_API_KEY": "sk-shell"},
        {"OPENAI_API_KEY": "sk-shell", "OPENAI_BASE_URL": "https://elsewhere/v1"},
        {"AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com", "AZURE_OPENAI_API_KEY": "k"},
        {**VOICERAG, "VASI_BACKEND": "local"},
    ],
)
def test_a_key_in_the_shell_sends_no_speech_anywhere(load, environ: dict[str, str]) -> None:
    settings = load(**environ)
    assert choose(settings).address is None
    assert settings.upstream.api_key is None
    assert settings.voice == "alloy"


def test_openai_is_used_when_it_is_asked_for(load) -> None:
    there = choose(load(OPENAI_API_KEY="sk-shell", VASI_BACKEND="upstream")).address
    assert there.url(listening=False) == "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1"
    there = choose(load({"backend": "upstream"}, OPENAI_API_KEY="k", OPENAI_BASE_URL="http://localhost:9/v1")).address
    assert there.url(listening=True) == "ws://localhost:9/v1/realtime?intent=transcription"


def test_a_key_goes_only_to_the_address_that_it_came_with(load) -> None:
    own = {"VASI_UPSTREAM__BASE_URL": "http://other:1/v1"}
    settings = load(**VOICERAG, **own, OPENAI_API_KEY="sk-shell", VASI_BACKEND="upstream")
    assert settings.upstream.api_key is None
    assert settings.voice == "alloy"


def test_own_settings_are_stronger_than_those_of_providers(load) -> None:
    settings = load(**VOICERAG, VASI_VOICE="ash", VASI_UPSTREAM__API_VERSION="2025-04-01-preview")
    assert settings.voice == "ash"
    assert choose(settings).address.url(listening=False) == (
        "wss://mine.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime"
    )


@pytest.mark.parametrize(
    ("base_url", "kind", "url"),
    [
        ("wss://mine.openai.azure.com", "auto", "wss://mine.openai.azure.com/openai/v1/realtime?model=m"),
        ("https://mine.openai.azure.com/openai/v1/", "auto", "wss://mine.openai.azure.com/openai/v1/realtime?model=m"),
        ("https://gate/apim/openai", "auto", "wss://gate/apim/openai/v1/realtime?model=m"),
        ("http://127.0.0.1:8000", "azure", "ws://127.0.0.1:8000/openai/v1/realtime?model=m"),
        ("http://127.0.0.1:8000", "auto", "ws://127.0.0.1:8000/v1/realtime?model=m"),
        ("wss://api.openai.com/v1/realtime", "auto", "wss://api.openai.com/v1/realtime?model=m"),
    ],
)
def test_addresses_are_taken_as_people_write_them(load, base_url: str, kind: str, url: str) -> None:
    settings = load({"upstream.base_url": base_url, "upstream.kind": kind, "upstream.model": "m"})
    assert choose(settings).address.url(listening=False) == url


def test_half_a_configuration_is_refused_with_the_remedy(load) -> None:
    with pytest.raises(ConfigError, match="no service is named; set"):
        choose(load(VASI_BACKEND="upstream"))
    with pytest.raises(ConfigError, match="AZURE_OPENAI_REALTIME_DEPLOYMENT"):
        choose(load(VASI_BACKEND="upstream", AZURE_OPENAI_ENDPOINT="https://mine.openai.azure.com"))
    with pytest.raises(ConfigError, match="2025-04-01-preview"):
        choose(load({"upstream.base_url": "http://x", "upstream.model": "m", "upstream.kind": "azure-preview"}))

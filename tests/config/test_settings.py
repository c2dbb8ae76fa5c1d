"""Settings: which source wins, and what a wrong one says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import vasi
from vasi.config import Settings, default_data, load_settings
from vasi.errors import ConfigError


def load(data: Path, flags: dict[str, object] | None = None, **environ: str) -> Settings:
    given = flags or {}
    assigned = {name: str(value) for name, value in given.items() if "." in name}
    options = {name: value for name, value in given.items() if name not in assigned}
    return load_settings(options, assigned=assigned, environ={"VASI_DATA": str(data), **environ})


def write(folder: Path, text: str, name: str = "vasi.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_later_source_wins(tmp_path: Path) -> None:
    assert load(tmp_path).port == 8787
    write(tmp_path, "port = 1001\nhost = '127.0.0.2'\n[llm]\nmodel = 'small'\nbase_url = 'http://a/v1'\n")
    assert load(tmp_path).port == 1001
    assert load(tmp_path, VASI_PORT="1002").port == 1002
    settings = load(tmp_path, {"port": 1003, "host": None, "llm.model": "large"}, VASI_PORT="1002")
    assert (settings.port, settings.host) == (1003, "127.0.0.2")
    assert (settings.llm.model, settings.llm.base_url) == ("large", "http://a/v1")


def test_an_empty_variable_means_not_set(tmp_path: Path) -> None:
    assert load(tmp_path, VASI_PORT="", VASI_LLM__MODEL="").port == 8787


def test_a_named_file_replaces_the_one_in_the_data_folder(tmp_path: Path) -> None:
    write(tmp_path, "port = 1001")
    named = write(tmp_path, f"voice = 'ash'\ndata = '{tmp_path.as_posix()}/other'", "mine.toml")
    by_flag = load_settings({"data": tmp_path}, config=named, environ={})
    assert (by_flag.port, by_flag.voice, by_flag.data) == (8787, "ash", tmp_path)
    by_variable = load_settings(environ={"VASI_CONFIG": str(named)})
    assert (by_variable.voice, by_variable.data) == ("ash", tmp_path / "other")


def test_a_file_in_the_working_directory_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cloned"
    folder.mkdir()
    write(folder, "[llm]\nbase_url = 'http://evil.example/v1'\nmodel = 'x'")
    monkeypatch.chdir(folder)
    assert load(tmp_path / "data").llm.base_url is None


def test_a_key_comes_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    key = write(tmp_path, "canary-key\n", "key")
    settings = load(tmp_path, VASI_LLM__API_KEY_FILE=str(key))
    assert settings.llm.api_key is not None
    assert settings.llm.api_key.get_secret_value() == "canary-key"
    assert "canary" not in repr(settings)
    with pytest.raises(ConfigError, match="VASI_LLM__API_KEY_FILE"):
        load(tmp_path, VASI_LLM__API_KEY_FILE=str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"VASI_PROT": "1"}, ['"prot"', "VASI_PROT", 'did you mean "port"']),
        ({"VASI_PORT": "99999"}, ['"port"', "99999", "VASI_PORT", "65535"]),
        ({"VASI_SPEED": "fast"}, ['"speed"', "'fast'", "VASI_SPEED", "number"]),
        ({"VASI_LOG_LEVEL": "loud"}, ['"log_level"', "VASI_LOG_LEVEL", "'debug'"]),
        ({"VASI_LLM": "gpt"}, ['"llm"', "VASI_LLM"]),
        ({"VASI_LLM__MODLE": "gpt"}, ['"llm.modle"', 'did you mean "llm.model"']),
        ({"VASI_CONFIG": "/no/such/file.toml"}, ["/no/such/file.toml", "doesn't exist"]),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, environ: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, **environ)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", ['"prot"']),
        ("port = 'x'", ['"port"', "'x'"]),
        ("[limits]\npages = 0", ['"limits.pages"']),
        ("[engines]\nears = 'x'", ['"engines.ears"']),
        ("port = x", ["isn't valid TOML", "line 1"]),
        ("data = '/elsewhere'", ['"data"', "VASI_DATA"]),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert all(word in str(caught.value) for word in (str(path), *words)), str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "vasi.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path)


def test_a_wrong_key_is_not_repeated(tmp_path: Path) -> None:
    write(tmp_path, "[llm]\napi_key = 12345678")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert "llm.api_key" in str(caught.value)
    assert "12345678" not in str(caught.value)


def test_data_never_lies_inside_the_source() -> None:
    package = Path(vasi.__file__).parent
    with pytest.raises(ConfigError, match="inside vasi's own source"):
        load(package / "data")


def test_data_lies_where_the_platform_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert default_data() == tmp_path / ".local" / "share" / "vasi"
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
        assert default_data() == tmp_path / "xdg" / "vasi"
    assert load_settings(environ={}).database.parent == default_data()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_may_be_served_without_sign_in(tmp_path: Path, host: str) -> None:
    load(tmp_path, {"host": host}).require_safe_bind()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_a_public_address_needs_a_word_of_consent(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigError, match="--insecure"):
        load(tmp_path, {"host": host}).require_safe_bind()
    load(tmp_path, {"host": host, "insecure": True}).require_safe_bind()


def test_the_servers_keys_come_from_variable_file_or_toml_and_are_never_shown(tmp_path: Path) -> None:
    def keys(settings: Settings) -> list[str]:
        return [key.get_secret_value() for key in settings.api_keys]

    both = ["canary-key-number-1", "canary-key-number-2"]
    settings = load(tmp_path, VASI_API_KEYS=", ".join(both))
    assert keys(settings) == both
    assert "canary" not in repr(settings)
    listed = write(tmp_path, "\n".join(both) + "\n", "keys")
    assert keys(load(tmp_path, VASI_API_KEYS_FILE=str(listed))) == both
    write(tmp_path, f"api_keys = {both}")
    assert keys(load(tmp_path)) == both


@pytest.mark.parametrize(
    "key", ["canary", "ek_canary-of-sixteen", "canary-key-with-ü-in-it", "canary-fine-key-1,canary"]
)
def test_a_key_that_will_not_do_is_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match="api_keys") as refused:
        load(tmp_path, VASI_API_KEYS=key)
    assert "canary" not in str(refused.value)
    with pytest.raises(ConfigError, match="api_keys") as refused:
        load(tmp_path, {"api_keys": [key, 5]})
    assert "canary" not in str(refused.value)


def test_a_key_makes_a_public_address_safe(tmp_path: Path) -> None:
    load(tmp_path, {"host": "0.0.0.0"}, VASI_API_KEYS="canary-key-number-1").require_safe_bind()
    with pytest.raises(ConfigError, match="api_keys"):
        load(tmp_path, {"host": "0.0.0.0"}).require_safe_bind()


@pytest.mark.parametrize("table", ["llm", "speech", "embeddings"])
def test_half_an_endpoint_is_told(tmp_path: Path, table: str) -> None:
    with pytest.raises(ConfigError, match=rf"{table}\.model;"):
        load(tmp_path, {f"{table}.base_url": "http://localhost:1/v1"})
    with pytest.raises(ConfigError, match=rf"{table}\.base_url;"):
        load(tmp_path, {f"{table}.model": "small"})
    whole = {f"{table}.base_url": "http://localhost:1/v1", f"{table}.model": "small"}
    assert getattr(load(tmp_path, whole), table).model == "small"


def test_openais_own_embeddings_need_no_address(tmp_path: Path) -> None:
    assert load(tmp_path, {"engines.embedder": "openai", "embeddings.model": "small"}).embeddings.model == "small"


@pytest.mark.parametrize("table", ["llm", "speech", "embeddings"])
@pytest.mark.parametrize(
    "address", ["localhost:11434/v1", "ftp://host/v1", "http://", "http://[::1", "http://a:b/v1", "http://a /v1"]
)
def test_an_address_that_is_none_is_told(tmp_path: Path, table: str, address: str) -> None:
    with pytest.raises(ConfigError, match=rf'"{table}\.base_url".*is wrong: it is not an http'):
        load(tmp_path, {f"{table}.base_url": address, f"{table}.model": "small"})


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="go together"):
        load(tmp_path, {"tls_cert": "cert.pem"})


def test_mcp_servers_have_a_table_each_and_their_secrets_are_never_shown(tmp_path: Path) -> None:
    write(
        tmp_path,
        'mcp_origins = ["https://a.example"]\n[mcp.far]\nurl = "https://far.example/mcp"\n'
        'authorization = "canary"\nheaders = { X-Key = "canary" }\n',
    )
    settings = load(tmp_path, VASI_MCP__FAR__OFFERED="true", VASI_MCP__NEAR__URL="http://near:1/mcp")
    assert set(settings.mcp) == {"far", "near"}
    assert settings.mcp["far"].offered
    assert settings.mcp["far"].all_headers() == {"x-key": "canary", "authorization": "Bearer canary"}
    assert settings.mcp_origins == ("https://a.example",)
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MCP__FAR__URLS", "x", 'no setting "mcp.far.urls"'),
        ("MCP__FAR__URL", "ftp://x", "mcp.far.url"),
        ("MCP__FAR__AUTHORIZATION", "canary", "mcp.far.url"),
        ("MCP__VASI__URL", "http://x/mcp", "label of vasi's own tools"),
        ("MCP_ORIGINS", "canary", "mcp_origins"),
    ],
)
def test_a_wrong_mcp_setting_is_told(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load(tmp_path, **{f"VASI_{name}": value})


def test_a_table_that_lacks_something_is_not_told_with_its_secrets(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'"mcp.w.url" is missing') as refused:
        load_settings({"data": tmp_path}, assigned={"mcp.w.authorization": "canary-of-the-server"}, environ={})
    assert "canary" not in str(refused.value)

"""Settings that say who may use a server: how they are written, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from vasi.config import Settings, load_settings
from vasi.errors import ConfigError

WHOLE = """
[auth]
mode = "oidc"
session_idle_hours = 8
session_days = 7

[auth.providers.company]
kind = "entra"
title = "Company"
client_id = "app"
client_secret = "canary-secret"
tenant = "common"
tenants = ["11111111-2222-3333-4444-555555555555"]
allow_groups = ["staff"]

[auth.providers.google]
kind = "google"
client_id = "other"
allow_domains = "Example.com, @example.org"
hosted_domain = "example.com"
"""


def load(folder: Path, text: str = "", **environ: str) -> Settings:
    (folder / "vasi.toml").write_text(text, encoding="utf-8")
    return load_settings(environ={"VASI_DATA": str(folder), **environ})


def test_tables_of_providers(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE, VASI_AUTH__PROVIDERS__GOOGLE__TITLE="Workspace")
    company, google = settings.auth.providers["company"], settings.auth.providers["google"]
    assert (settings.auth_mode, settings.auth.session_idle_hours, settings.auth.session_days) == ("oidc", 8, 7)
    assert (company.kind, company.tenant, company.allow_groups) == ("entra", "common", ("staff",))
    assert company.client_secret is not None
    assert company.client_secret.get_secret_value() == "canary-secret"
    assert (google.title, google.allow_domains) == ("Workspace", ("example.com", "example.org"))
    assert "canary" not in repr(settings)


def test_a_client_secret_comes_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    settings = load(tmp_path, WHOLE, VASI_AUTH__PROVIDERS__GOOGLE__CLIENT_SECRET_FILE=str(secret))
    found = settings.auth.providers["google"].client_secret
    assert found is not None
    assert found.get_secret_value() == "from-a-file"


def test_the_mode_follows_keys_and_providers_unless_it_is_set(tmp_path: Path) -> None:
    assert load(tmp_path).auth_mode == "none"
    provider = '[auth.providers.own]\nissuer = "https://login.example.com"\nclient_id = "vasi"\n'
    assert load(tmp_path, provider).auth_mode == "oidc"
    assert load(tmp_path, VASI_API_KEYS="a-long-random-key").auth_mode == "keys"
    proxy = '[auth]\nmode = "proxy"\n[auth.proxy]\naddresses = ["10.0.0.0/24", "::1"]\nuser_header = "X-MS-Id"\n'
    settings = load(tmp_path, proxy)
    assert (settings.auth_mode, settings.auth.proxy.addresses) == ("proxy", ("10.0.0.0/24", "::1"))


def test_who_has_to_sign_in_may_come_from_everywhere() -> None:
    public = {"host": "0.0.0.0"}
    provider = {"kind": "google", "client_id": "x"}
    Settings(**public, auth={"mode": "oidc", "providers": {"google": provider}}).require_safe_bind()
    Settings(**public, auth={"mode": "proxy", "proxy": {"addresses": "10.0.0.1"}}).require_safe_bind()
    with pytest.raises(ConfigError, match=r"auth\.mode"):
        Settings(**public).require_safe_bind()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[auth]\nmode = "oauth"', ["auth.mode", "'oauth'"]),
        ('[auth]\nmode = "keys"', ["api_keys"]),
        ('[auth]\nmode = "oidc"', ["[auth.providers.LABEL]"]),
        ('[auth]\nmode = "proxy"', ["auth.proxy.addresses"]),
        ('api_keys = ["a-long-random-key"]\n[auth]\nmode = "none"', ["api_keys", '"none"']),
        ('[auth.providers.x]\nissuer = "https://a.example"', ["auth.providers.x.client_id", "missing"]),
        ('[auth.providers.x]\nclient_id = "c"', ["auth.providers.x", "issuer is missing"]),
        ('[auth.providers.x]\nclient_id = "c"\nissuer = "a.example"', ["auth.providers.x.issuer", "http"]),
        ('[auth.providers.x]\nclient_id = "c"\nkind = "entra"', ["auth.providers.x", "tenant is missing"]),
        ('[auth.providers.x]\nclient_id = "c"\nkind = "entra"\ntenant = "a/b"', ["auth.providers.x", "tenant"]),
        ('[auth.providers.x]\nclient_id = "c"\nkind = "google"\ntenant = "t"', ["auth.providers.x", "entra"]),
        ('[auth.providers.key]\nclient_id = "c"\nkind = "google"', ["auth.providers", "'key'"]),
        ('[auth.providers."a/b"]\nclient_id = "c"\nkind = "google"', ["a/b"]),
        ('[auth.providers.x]\nclient_id = "c"\nkind = "google"\nscopes = ["email"]', ["openid"]),
        ('[auth.providers.x]\nclient_id = "c"\nkind = "google"\ntitel = "x"', ["auth.providers.x.titel", "title"]),
        ('[auth.proxy]\naddresses = ["10.0.0.300"]', ["auth.proxy.addresses", "10.0.0.300"]),
        ('[auth.proxy]\nuser_header = "X User"', ["auth.proxy.user_header", "header"]),
        ("[auth]\nsession_days = 0", ["auth.session_days", "greater"]),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert [word for word in words if word not in str(refused.value)] == []


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, WHOLE.replace("canary-secret", "canary-sécret"))
    assert "client_secret" in str(refused.value)
    assert "canary" not in str(refused.value)

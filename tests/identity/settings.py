"""Settings of providers for tests: what a table without more than its client has, but for what a test changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vasi.accounts.oidc.settings import ProviderSettings
from vasi.app import package_settings
from vasi.config import AuthSettings, Settings


def provider_settings(**changes: Any) -> ProviderSettings:
    """Those of a provider "test"."""
    table = {"issuer": "https://provider.example", "client_id": "vasi"}
    auth = AuthSettings.model_validate({"mode": "oidc", "providers": {"test": table}})
    (made,) = package_settings.oidc_providers(Settings(auth=auth))
    return replace(made, **changes)

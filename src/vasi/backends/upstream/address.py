"""Where a model service is, which dialect it speaks, and how it wants to be told who asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote, urlsplit

from vasi.backends.upstream.models import REALTIME_MODEL
from vasi.errors import ConfigError

Kind: TypeAlias = Literal["azure", "azure-preview", "openai"]

OPENAI = "https://api.openai.com/v1"
FIRST_PREVIEW = "2024-10-01-preview"
"""Azure's first version with a Realtime API."""
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(-preview)?", re.ASCII)
_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".openai.azure.us")


@dataclass(frozen=True, slots=True)
class Address:
    """One model of one service.

    Attributes:
        kind: the API dialect.
        base: scheme, host and path in front of the API's own, as WebSocket URL.
        model: the model; on Azure the deployment.
        api_version: of Azure's preview.
    """

    kind: Kind
    base: str
    model: str
    api_version: str | None = None

    @property
    def beta(self) -> bool:
        """It speaks the beta dialect."""
        return self.kind == "azure-preview"

    @property
    def azure(self) -> bool:
        return self.kind != "openai"

    @property
    def hosted(self) -> bool:
        """It's OpenAI's own service, and names of models mean what they mean there."""
        host = urlsplit(self.base).hostname or ""
        return self.kind == "openai" and (host == "openai.com" or host.endswith(".openai.com"))

    @property
    def shown(self) -> str:
        """For people: no query, no key."""
        return self.base

    @property
    def settings(self) -> str:
        """For people: what to check if the service doesn't know this address."""
        match self.kind:
            case "openai":
                return "upstream.model and upstream.base_url (OPENAI_BASE_URL)"
            case "azure":
                return "upstream.model (AZURE_OPENAI_REALTIME_DEPLOYMENT) and upstream.base_url (AZURE_OPENAI_ENDPOINT)"
            case "azure-preview":
                return (
                    "upstream.model (AZURE_OPENAI_REALTIME_DEPLOYMENT), upstream.base_url (AZURE_OPENAI_ENDPOINT) and "
                    "upstream.api_version"
                )

    @property
    def base_setting(self) -> str:
        """For people: where the address stands."""
        return f"upstream.base_url ({'AZURE_OPENAI_ENDPOINT' if self.azure else 'OPENAI_BASE_URL'})"

    def url(self, *, listening: bool) -> str:
        """The WebSocket URL; ``listening`` asks for a session that only transcribes."""
        model = quote(self.model, safe="")
        match self.kind:
            case "azure-preview":
                intent = "&intent=transcription" if listening else ""
                version = quote(self.api_version or "", safe="")
                return f"{self.base}/openai/realtime?api-version={version}&deployment={model}{intent}"
            case "azure":
                return f"{self.base}/openai/v1/realtime?{'intent=transcription' if listening else f'model={model}'}"
            case "openai":
                return f"{self.base}/realtime?{'intent=transcription' if listening else f'model={model}'}"


def address(base_url: str, model: str | None, *, kind: str = "auto", api_version: str | None = None) -> Address:
    """The address that settings describe.

    ``http`` means ``ws``, ``https`` means ``wss``; a path that already leads into the API is taken as its beginning.

    Raises:
        ConfigError: they don't fit together.
    """
    parts = urlsplit(base_url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path.rstrip("/").removesuffix("/realtime")
    found = _kind(kind, parts.hostname or "", path, api_version)
    if found != "openai":
        path = path.removesuffix("/v1").removesuffix("/openai")
        if not model:
            raise ConfigError(
                "The deployment isn't named; set upstream.model (AZURE_OPENAI_REALTIME_DEPLOYMENT) to it.",
                param="upstream.model",
            )
    if found == "azure-preview" and not (_VERSION.fullmatch(api_version or "") and str(api_version) >= FIRST_PREVIEW):
        raise ConfigError(
            f"Azure's preview API needs its version, {FIRST_PREVIEW} or later; set upstream.api_version, e.g. to "
            "2025-04-01-preview.",
            param="upstream.api_version",
        )
    if found == "openai" and not path:
        path = "/v1"
    return Address(found, f"{scheme}://{parts.netloc.rpartition('@')[2]}{path}", model or REALTIME_MODEL, api_version)


def _kind(wanted: str, host: str, path: str, api_version: str | None) -> Kind:
    match wanted:
        case "azure-preview" | "openai":
            return wanted
        case "azure":
            return "azure-preview" if api_version else "azure"
        case _:
            azure = host.endswith(_AZURE_HOSTS) or path.endswith(("/openai", "/openai/v1"))
            return ("azure-preview" if api_version else "azure") if azure else "openai"

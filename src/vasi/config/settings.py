"""All settings: the keys outside any table, the tables, and what must fit together."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PrivateAttr, SecretStr, field_validator, model_validator

from vasi.config.auth import AuthMode, AuthSettings, ProviderSettings, ProxySettings
from vasi.config.tables import (
    EmbeddingSettings,
    EngineSettings,
    LimitSettings,
    LlmSettings,
    McpSettings,
    SpeechSettings,
    TranscriptionSettings,
    TurnAnalyzerSettings,
    UpstreamSettings,
    WebPageSettings,
    WebRtcSettings,
)
from vasi.config.values import TABLE, Address, HostName, Origin
from vasi.errors import ConfigError

_SHORTEST_KEY = 16


class Settings(BaseModel):
    """Everything that can be set. Read them with ``load_settings``; tests may make them of keywords."""

    model_config = TABLE

    data: Path = Field(
        default_factory=lambda: default_data(),
        description="Folder of the database; never inside vasi's own source.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address that `vasi serve` listens on.")
    port: int = Field(
        default=8787, ge=0, le=65535, description="Port that `vasi serve` listens on; 0 takes a free one."
    )
    insecure: bool = Field(default=False, description="Allow a public address although nobody has to sign in.")
    api_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="Keys of which every client must send one (separated by commas); without any, none is asked for. "
        "Whoever has one is the same user: documents, notes and limits are common to all of them.",
    )
    origins: tuple[Origin, ...] = Field(
        default=(),
        description="Origins of other sites, like `https://example.com`, whose pages may use the server "
        "(separated by commas); the app of the server itself always may.",
    )
    hosts: tuple[HostName, ...] = Field(
        default=(),
        description="Names under which clients reach the server (separated by commas), besides its addresses, its own "
        "host name and `localhost`; requests to other names are refused.",
    )
    tls: bool = Field(default=False, description="Serve HTTPS and WSS, with a certificate of vasi's own unless named.")
    tls_cert: Path | None = Field(default=None, description="Certificate (chain) to serve TLS with, as PEM.")
    tls_key: Path | None = Field(default=None, description="Its private key, as PEM without a password.")
    voice: str = Field(
        default="alloy", min_length=1, description="Voice that answers, unless the client asks for another."
    )
    speed: float = Field(default=1.0, ge=0.25, le=1.5, description="Speech rate; 1 is normal.")
    language: str = Field(
        default="auto",
        pattern="^(auto|[a-z]{2})$",
        description="Language that users speak, as an ISO 639-1 code like `de`; `auto` goes by what they say.",
    )
    record: bool = Field(
        default=True, description="Keep the conversations of `vasi serve`, to read and continue them; without sound."
    )
    tool_timeout_s: float = Field(default=10.0, gt=0, le=600, description="Seconds that one tool call may take.")
    response_overrides: bool = Field(
        default=True,
        description="Whether `response.create` may bring instructions, tools, a voice and limits of its own.",
    )
    audio_lead_ms: int | None = Field(
        default=1000,
        ge=100,
        description="How far ahead of playback audio is sent, in ms: what a barge-in can cut.",
    )
    """None (in process only) sends audio as fast as it is made."""
    barge_in_ms: int = Field(
        default=250,
        ge=0,
        le=2000,
        description="Speech that silences the assistant, in ms; shorter sounds (a cough, a door) don't. 0: any does.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What the server logs.")
    backend: Literal["auto", "local", "upstream"] = Field(
        default="auto",
        description="What answers: the built-in engines or a Realtime service; auto takes the service if one is named.",
    )
    upstream: UpstreamSettings = Field(default_factory=UpstreamSettings)
    engines: EngineSettings = Field(default_factory=EngineSettings)
    turn: TurnAnalyzerSettings = Field(default_factory=TurnAnalyzerSettings)
    llm: LlmSettings = Field(default_factory=LlmSettings)
    speech: SpeechSettings = Field(default_factory=SpeechSettings)
    transcription: TranscriptionSettings = Field(default_factory=TranscriptionSettings)
    embeddings: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    auth: AuthSettings = Field(default_factory=AuthSettings)
    web_pages: WebPageSettings = Field(default_factory=WebPageSettings)
    webrtc: WebRtcSettings = Field(default_factory=WebRtcSettings)
    mcp: dict[Annotated[str, Field(pattern="^[a-zA-Z0-9_-]{1,64}$")], McpSettings] = Field(default_factory=dict)
    prompts: Path | None = Field(
        default=None,
        description="Folder of the prompts that clients may name; `prompts` in the data folder unless set.",
    )
    store: str = Field(
        default="sqlite",
        min_length=1,
        repr=False,  # it may hold a password
        description="What keeps everything: `sqlite`, a file in the data folder, or the address of a PostgreSQL"
        " database, `postgresql://user:password@host:port/database`.",
    )
    plugins: dict[str, dict[str, Any]] = Field(default_factory=dict, repr=False)
    mcp_origins: tuple[Address, ...] = Field(
        default=(),
        description="Origins, like `https://mcp.example.com`, of MCP servers that clients may name by address.",
    )

    _upstream_from: str = PrivateAttr(default="upstream.base_url")

    @field_validator("data")
    @classmethod
    def _check_data(cls, value: Path) -> Path:
        path = value.expanduser().resolve()
        if path.is_relative_to(_source_tree()):
            raise ValueError("lies inside vasi's own source; choose a folder elsewhere")
        return path

    @field_validator("mcp")
    @classmethod
    def _check_labels(cls, value: dict[str, McpSettings]) -> dict[str, McpSettings]:
        if "vasi" in value:
            raise ValueError("'vasi' is the label of vasi's own tools; choose another one")
        return value

    @field_validator("api_keys", "mcp_origins", "origins", "hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("api_keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in (secret.get_secret_value() for secret in value):
            if len(key) < _SHORTEST_KEY:
                raise ValueError(f"a key has at least {_SHORTEST_KEY} characters")
            if not key.isascii() or not key.isprintable() or " " in key:
                raise ValueError("a key is made of printable ASCII characters without spaces")
            if key.startswith("ek_"):
                raise ValueError('keys that begin with "ek_" are the short-lived ones that the server makes')
        return value

    @model_validator(mode="after")
    def _check_certificate(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together; set both or neither")
        return self

    @model_validator(mode="after")
    def _check_auth(self) -> Settings:
        match self.auth_mode:
            case "none" | "keys" | "oidc" | "proxy" as mode if self.api_keys and mode != "keys":
                raise ValueError(f'api_keys are for auth.mode "keys", but it is "{mode}"; leave one of them out')
            case "keys" if not self.api_keys:
                raise ValueError('auth.mode is "keys", but there are none; set api_keys')
            case "oidc" if not self.auth.providers:
                raise ValueError(
                    'auth.mode is "oidc", but there is no provider; add a table [auth.providers.LABEL], e.g. with '
                    'kind = "google"'
                )
            case "proxy" if not self.auth.proxy.addresses:
                raise ValueError(
                    'auth.mode is "proxy", but auth.proxy.addresses is empty; set it to the addresses of the proxy'
                )
            case _:
                return self

    @model_validator(mode="after")
    def _check_endpoints(self) -> Settings:
        # Half an endpoint would be ignored silently by "auto".
        own_address = self.engines.embedder == "openai"
        endpoints = {
            "llm": self.llm,
            "speech": self.speech,
            "transcription": self.transcription,
            "embeddings": self.embeddings,
        }
        for table, endpoint in endpoints.items():
            if endpoint.base_url and not endpoint.model:
                raise ValueError(
                    f"{table}.base_url is set, but not {table}.model; set it to the name of the model to ask for"
                )
            if endpoint.model and not endpoint.base_url and not (table == "embeddings" and own_address):
                raise ValueError(
                    f"{table}.model is set, but not {table}.base_url; set it to the address of an OpenAI-compatible "
                    "server, e.g. http://localhost:11434/v1"
                )
        return self

    @property
    def auth_mode(self) -> AuthMode:
        """How clients show who they are."""
        return self.auth.mode or ("oidc" if self.auth.providers else "keys" if self.api_keys else "none")

    @property
    def upstream_from(self) -> str:
        """What named the service, for people."""
        return self._upstream_from

    def with_upstream_from(self, source: str) -> Settings:
        """The same settings, whose service was named by ``source``."""
        settings = self.model_copy()
        settings._upstream_from = source
        return settings

    @property
    def prompts_folder(self) -> Path:
        """Where prompts are kept."""
        return (self.prompts or self.data / "prompts").expanduser()

    @property
    def database(self) -> Path:
        """The one file that holds documents, index and notes."""
        return self.data / "vasi.db"

    def require_safe_bind(self) -> None:
        """Raises ``ConfigError`` if others could reach the server although nobody has to sign in."""
        if not self.insecure and self.auth_mode == "none" and not _is_loopback(self.host):
            raise ConfigError(
                f"Listening on {self.host} lets everybody who can reach this machine read your documents, since "
                "nobody has to sign in; set api_keys or auth.mode, use --host 127.0.0.1, or add --insecure if you mean "
                "it.",
                param="host",
            )


def default_data() -> Path:
    """Where this platform keeps a program's data."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "vasi"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "vasi"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "vasi"


def known_settings() -> dict[str, Any]:
    """Every setting by its dotted name, with pydantic's description of it."""
    known: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        if name == "auth":
            known |= _known_auth()
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            known |= {f"{name}.{key}": inner for key, inner in field.annotation.model_fields.items()}
        elif name == "mcp":
            known |= {f"mcp.LABEL.{key}": inner for key, inner in McpSettings.model_fields.items()}
        elif name == "plugins":
            known["plugins.NAME.KEY"] = Field(default=None, description="Settings of a plug-in, as it documents them.")
        else:
            known[name] = field
    return known


def _known_auth() -> dict[str, Any]:
    below = {"providers": ("providers.LABEL", ProviderSettings), "proxy": ("proxy", ProxySettings)}
    known: dict[str, Any] = {}
    for key, field in AuthSettings.model_fields.items():
        name, table = below.get(key, (key, None))
        known |= (
            {f"auth.{name}": field}
            if table is None
            else {f"auth.{name}.{inner}": each for inner, each in table.model_fields.items()}
        )
    return known


def _source_tree() -> Path:
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent.parent
    return checkout if package.parent.name == "src" and (checkout / "pyproject.toml").exists() else package


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""Settings: defaults < ``vasi.toml`` < environment < flags.

``vasi.toml`` is the one in the data directory, or the file that ``--config`` or ``VASI_CONFIG`` names. It is
never looked for in the working directory: a folder that somebody else made must not be able to say where
questions and keys are sent. In the environment a setting is ``VASI_`` + its name, with ``__`` between a table
and its key (``llm.base_url`` is ``VASI_LLM__BASE_URL``); ``..._API_KEY_FILE`` names a file that holds it,
``VASI_API_KEYS_FILE`` one that holds several. Below all these stand the variables of Azure OpenAI and OpenAI; see
``vasi.borrowed``.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, cast
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from vasi.borrowed import borrowed_entries, plain
from vasi.errors import ConfigError

_PREFIX = "VASI_"
_SHORTEST_KEY = 16
_FRIENDLY = ConfigDict(frozen=True, extra="forbid", validate_default=True)

Tree: TypeAlias = dict[str, Any]


def _http(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise ValueError("it is no http address, like http://localhost:11434/v1")
    return value


def _realtime(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    try:
        return _http({"ws": "http", "wss": "https"}.get(scheme, scheme) + mark + rest)
    except ValueError:
        raise ValueError("it is no http or ws address, like https://YOUR-RESOURCE.openai.azure.com") from None


def _keyed(value: SecretStr) -> SecretStr:
    if set(value.get_secret_value()) & set(" \"'"):
        raise ValueError("it holds a space or a quotation mark, and keys don't; copy it again, and nothing around it")
    return _sendable(value)


def _sendable(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable():
        raise ValueError(
            "it holds a character that can't be sent, like a line break or an accented letter; copy it again"
        )
    return value


Address: TypeAlias = Annotated[str, AfterValidator(_http)]
"""An ``http`` or ``https`` URL."""

Key: TypeAlias = Annotated[SecretStr, AfterValidator(_keyed)]
"""An API key: what goes into an HTTP header and into no log."""

Secret: TypeAlias = Annotated[SecretStr, AfterValidator(_sendable)]
"""Another header that nobody shall read."""


RealtimeAddress: TypeAlias = Annotated[str, AfterValidator(_realtime)]
"""The same, or a ``ws`` or ``wss`` URL."""


class EngineSettings(BaseModel):
    """Which engine does which part: "auto" takes the best that is installed and configured; else its name."""

    model_config = _FRIENDLY

    vad: str = Field(default="auto", description="Voice activity detection.")
    turn: str = Field(default="auto", description="Whether the user has finished or only pauses.")
    stt: str = Field(default="auto", description="Speech to text.")
    llm: str = Field(default="auto", description="The model that answers.")
    tts: str = Field(default="auto", description="Text to speech.")
    embedder: str = Field(
        default="auto", description='Vectors for search by meaning; "none" searches by words and sounds.'
    )


class TurnAnalyzerSettings(BaseModel):
    """Smart Turn: the model that hears whether the user has finished (`vasi download smart-turn`)."""

    model_config = _FRIENDLY

    weights: Path | None = Field(
        default=None, description="Its ONNX file, if it lies elsewhere than `vasi download` puts it."
    )
    weights_url: Address = Field(
        default="https://huggingface.co/pipecat-ai/smart-turn-v3/resolve/f766f81d3cfdf7737ac64aad813d91bbfd56bf93"
        "/smart-turn-v3.2-cpu.onnx",
        description="Where `vasi download smart-turn` gets it.",
    )
    weights_sha256: str = Field(
        default="2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
        pattern="^[0-9a-fA-F]{64}$",
        description="SHA-256 that the download must have.",
    )


class LlmSettings(BaseModel):
    """An OpenAI-compatible chat endpoint: Ollama, llama.cpp, vLLM, OpenAI, Azure OpenAI."""

    model_config = _FRIENDLY

    base_url: Address | None = Field(
        default=None, description="Its address, e.g. `http://localhost:11434/v1` for Ollama."
    )
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The model to ask for; on Azure the deployment.")
    api_version: str | None = Field(
        default=None, description="Azure OpenAI's API version; makes the client speak Azure."
    )
    input_tokens: int = Field(
        default=28_672,
        ge=1_024,
        description="How much the model can read; of longer conversations the oldest is left out.",
    )
    images: bool = Field(default=False, description="Whether the model can see; if not, images are refused.")


class EmbeddingSettings(BaseModel):
    """Search by meaning: a model in a folder, or an OpenAI-compatible embeddings endpoint."""

    model_config = _FRIENDLY

    folder: Path | None = Field(
        default=None, description="Folder with `model.onnx`, `vocab.txt` and `manifest.json`, to run on this machine."
    )
    base_url: Address | None = Field(default=None, description="Its address.")
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The embedding model to ask for.")


class SpeechSettings(BaseModel):
    """An OpenAI-compatible endpoint that speaks (`/audio/speech`)."""

    model_config = _FRIENDLY

    base_url: Address | None = Field(default=None, description="Its address.")
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The model to ask for.")
    voices: tuple[str, ...] = Field(
        default=("alloy",), min_length=1, description="Names of voices that it knows; the first is the default."
    )

    @field_validator("voices", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class UpstreamSettings(BaseModel):
    """A service that speaks the Realtime API: Azure OpenAI, OpenAI."""

    model_config = _FRIENDLY

    base_url: RealtimeAddress | None = Field(
        default=None, description="Its address, e.g. `https://YOUR-RESOURCE.openai.azure.com`."
    )
    kind: Literal["auto", "azure", "azure-preview", "openai"] = Field(
        default="auto", description="Whose API it is; by its address unless set."
    )
    api_key: Key | None = Field(default=None, description="Its key; Azure without one is asked with an Entra ID token.")
    model: str | None = Field(default=None, description="The realtime model; on Azure the deployment.")
    api_version: str | None = Field(
        default=None, description="Version of Azure's preview API; leave it out for the present API."
    )
    tenant_id: str | None = Field(default=None, description="The Entra ID tenant to ask for tokens.")
    transcription_model: str | None = Field(
        default=None, description="What writes down the user's words; on Azure a deployment."
    )
    interrupted: Literal["fail", "ask_again"] = Field(
        default="fail", description="What becomes of an answer whose connection to the service is lost."
    )
    connect_timeout_s: float = Field(default=5.0, gt=0, le=120, description="Seconds that a connection may take.")
    reconnect_s: float = Field(
        default=30.0, ge=0, le=600, description="Seconds for which a lost connection is worked on."
    )
    fallback: bool = Field(default=False, description="Answer with the engines here while the service can't be had.")


class McpSettings(BaseModel):
    """An MCP server whose tools the model may call; the table's name is its label."""

    model_config = _FRIENDLY

    url: Address = Field(description="Its address (streamable HTTP, or the older SSE).")
    authorization: Secret | None = Field(default=None, description="The token that it wants.")
    headers: dict[str, Secret] = Field(default_factory=dict, description="Further HTTP headers that it wants.")
    offered: bool = Field(default=False, description="Let every session use its tools, not only those that name it.")

    def all_headers(self) -> dict[str, str]:
        """What is sent with every request."""
        headers = {name.lower(): value.get_secret_value() for name, value in self.headers.items()}
        if self.authorization is not None:
            headers["authorization"] = f"Bearer {self.authorization.get_secret_value()}"
        return headers


class LimitSettings(BaseModel):
    """How much of what comes from outside is accepted."""

    model_config = _FRIENDLY

    file_mb: int = Field(default=50, ge=1, le=10_000, description="Largest document, in MB.")
    pages: int = Field(default=2000, ge=1, le=1_000_000, description="Most pages of one document.")
    message_mb: int = Field(default=24, ge=1, le=256, description="Largest Realtime message, in MB.")
    requests_per_minute: int = Field(
        default=1_000, ge=1, le=1_000_000, description="Responses that one user may ask for a minute."
    )
    tokens_per_minute: int = Field(
        default=10_000_000, ge=1, le=10**12, description="Tokens, read and written, that one user may use a minute."
    )
    tokens_per_day: int | None = Field(
        default=None, ge=1, le=10**12, description="Tokens, read and written, that one user may use a day (of UTC)."
    )
    minutes_per_day: int | None = Field(
        default=None, ge=1, le=100_000, description="Minutes that one user's sessions may last a day, silence included."
    )
    output_tokens: int | None = Field(default=None, ge=1, le=4096, description="Most tokens of one response.")
    session_minutes: int = Field(default=60, ge=1, le=1440, description="Minutes that a session may last.")
    idle_minutes: int = Field(
        default=30, ge=0, le=1440, description="Minutes without a word or a deed that end a session; 0 for never."
    )
    resume_s: int = Field(
        default=30, ge=0, le=600, description="Seconds that a session waits for a client whose connection dropped."
    )


class Settings(BaseModel):
    """Everything that can be set. Make one with ``Settings.load``; tests may call it with keywords."""

    model_config = _FRIENDLY

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
    tls: bool = Field(default=False, description="Serve HTTPS and WSS, with a certificate of vasi's own unless named.")
    tls_cert: Path | None = Field(default=None, description="Certificate (chain) to serve TLS with, as PEM.")
    tls_key: Path | None = Field(default=None, description="Its private key, as PEM without a password.")
    voice: str = Field(
        default="alloy", min_length=1, description="Voice that answers, unless the client asks for another."
    )
    speed: float = Field(default=1.0, ge=0.25, le=1.5, description="How fast it speaks; 1 is normal.")
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
        description="What answers: the engines here, or a Realtime service; auto takes the service if one is named.",
    )
    upstream: UpstreamSettings = Field(default_factory=UpstreamSettings)
    engines: EngineSettings = Field(default_factory=EngineSettings)
    turn: TurnAnalyzerSettings = Field(default_factory=TurnAnalyzerSettings)
    llm: LlmSettings = Field(default_factory=LlmSettings)
    speech: SpeechSettings = Field(default_factory=SpeechSettings)
    embeddings: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    mcp: dict[Annotated[str, Field(pattern="^[a-zA-Z0-9_-]{1,64}$")], McpSettings] = Field(default_factory=dict)
    prompts: Path | None = Field(
        default=None,
        description="Folder of the prompts that clients may name; `prompts` in the data folder unless set.",
    )
    mcp_origins: tuple[Address, ...] = Field(
        default=(),
        description="Origins, like `https://mcp.example.com`, of MCP servers that clients may name by address.",
    )

    _upstream_from: str = PrivateAttr(default="upstream.base_url")

    @field_validator("data")
    @classmethod
    def _outside_source(cls, value: Path) -> Path:
        path = value.expanduser().resolve()
        if path.is_relative_to(_source_tree()):
            raise ValueError("lies inside vasi's own source; choose a folder elsewhere")
        return path

    @field_validator("mcp")
    @classmethod
    def _other_labels(cls, value: dict[str, McpSettings]) -> dict[str, McpSettings]:
        if "vasi" in value:
            raise ValueError("'vasi' is the label of vasi's own tools; choose another one")
        return value

    @field_validator("api_keys", "mcp_origins", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("api_keys")
    @classmethod
    def _strong(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in (secret.get_secret_value() for secret in value):
            if len(key) < _SHORTEST_KEY:
                raise ValueError(f"a key has at least {_SHORTEST_KEY} characters")
            if not key.isascii() or not key.isprintable() or " " in key:
                raise ValueError("a key is made of ASCII letters, digits and marks")
            if key.startswith("ek_"):
                raise ValueError('keys that begin with "ek_" are the short-lived ones that the server makes')
        return value

    @model_validator(mode="after")
    def _certificate_and_key(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together; set both or neither")
        return self

    @model_validator(mode="after")
    def _endpoints_are_whole(self) -> Settings:
        # Half an endpoint would be passed over without a word by "auto".
        own_address = self.engines.embedder == "openai"
        for table, endpoint in (("llm", self.llm), ("speech", self.speech), ("embeddings", self.embeddings)):
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
    def upstream_from(self) -> str:
        """What named the service, for people."""
        return self._upstream_from

    @property
    def prompts_folder(self) -> Path:
        """Where prompts are kept."""
        return (self.prompts or self.data / "prompts").expanduser()

    @property
    def database(self) -> Path:
        """The one file that holds documents, index and notes."""
        return self.data / "vasi.db"

    def require_safe_bind(self) -> None:
        """Raises ``ConfigError`` if others could reach the server although nobody needs a key."""
        if not self.insecure and not self.api_keys and not _is_loopback(self.host):
            raise ConfigError(
                f"Listening on {self.host} lets everybody who can reach this machine read your documents, since "
                "nobody has to sign in; set api_keys, use --host 127.0.0.1, or add --insecure if you mean it.",
                param="host",
            )

    @classmethod
    def load(
        cls,
        flags: Mapping[str, Any] | None = None,
        *,
        assigned: Mapping[str, str] | None = None,
        config: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Settings:
        """Settings from every source.

        Args:
            flags: values of options that have a setting's name; None means not given.
            assigned: values that ``--set`` gave, by dotted name (``{"llm.model": "x"}``); they count more.
            config: the file to read instead of the data directory's ``vasi.toml``.
            environ: the environment, ``os.environ`` by default.

        Raises:
            ConfigError: naming the key and where it was set.
        """
        environ = os.environ if environ is None else environ
        given = {key: value for key, value in (flags or {}).items() if value is not None}
        from_flags = [(key, value, f"option --{key.replace('_', '-')}") for key, value in given.items()]
        from_flags += [(key, value, f"option --set {key}") for key, value in (assigned or {}).items()]
        from_environment = list(_environment(environ))
        if config is None and environ.get("VASI_CONFIG"):
            config = Path(environ["VASI_CONFIG"]).expanduser()
        values: Tree = {}
        origins: dict[str, str] = {}
        if config is None:
            _merge(values, origins, [entry for entry in (*from_environment, *from_flags) if entry[0] == "data"])
            folder = Path(str(values.get("data") or default_data())).expanduser()
            from_file = list(_file(folder / "vasi.toml", required=False))
            if any(key == "data" for key, _, _ in from_file):
                raise ConfigError(
                    f'"data" can\'t be set in {folder / "vasi.toml"}, which was found through it; '
                    "use VASI_DATA or --data.",
                    param="data",
                )
        else:
            from_file = list(_file(config, required=True))
        own = [*from_file, *from_environment, *from_flags]
        source, borrowed = borrowed_entries(environ, {key: value for key, value, _ in own})
        _merge(values, origins, [*borrowed, *own])
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            raise _explain(error, origins) from None
        settings._upstream_from = source or settings._upstream_from
        return settings


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
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            known |= {f"{name}.{key}": inner for key, inner in field.annotation.model_fields.items()}
        elif name == "mcp":
            known |= {f"mcp.LABEL.{key}": inner for key, inner in McpSettings.model_fields.items()}
        else:
            known[name] = field
    return known


def _source_tree() -> Path:
    package = Path(__file__).resolve().parent
    checkout = package.parent.parent
    return checkout if package.parent.name == "src" and (checkout / "pyproject.toml").exists() else package


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Entry: TypeAlias = tuple[str, Any, str]
"""Dotted key, value, where it was set."""


def _environment(environ: Mapping[str, str]) -> Iterator[Entry]:
    for variable, given in environ.items():
        # An empty variable means "not set": that is how compose files and shells leave things out.
        value = plain(given)
        if not variable.startswith(_PREFIX) or variable == "VASI_CONFIG" or not value:
            continue
        key = variable.removeprefix(_PREFIX).lower().replace("__", ".")
        origin = f"environment variable {variable}"
        if key.endswith(("api_key_file", "api_keys_file")):
            key = key.removesuffix("_file")
            try:
                value = Path(value).expanduser().read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it isn't text"
                raise ConfigError(f"The file in {variable} can't be read: {reason}.", param=key) from None
        yield key, value, origin


def _file(path: Path, *, required: bool) -> Iterator[Entry]:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise ConfigError(f"The settings file {path} doesn't exist; check --config or VASI_CONFIG.") from None
        return
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} isn't valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it isn't UTF-8 text"
        raise ConfigError(f"The settings file {path} can't be read: {reason}.") from None
    for key, value in tree.items():
        if isinstance(value, dict):
            table = cast("Tree", value)
            for inner, leaf in table.items():
                if key == "mcp" and isinstance(leaf, dict):
                    server = cast("Tree", leaf)
                    yield from ((f"mcp.{inner}.{last}", value, str(path)) for last, value in server.items())
                else:
                    yield f"{key}.{inner}", leaf, str(path)
        else:
            yield key, value, str(path)


def _merge(values: Tree, origins: dict[str, str], entries: list[Entry]) -> None:
    known = known_settings()
    for key, value, origin in entries:
        if re.sub(r"^mcp\.[^.]+\.", "mcp.LABEL.", key) not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "docs/reference/settings.md lists them all."
            raise ConfigError(f'There is no setting "{key}" ({origin}); {hint}', param=key)
        *tables, leaf = key.split(".")
        place = values
        for table in tables:
            place = place.setdefault(table, {})
        place[leaf] = value
        origins[key] = origin


def _explain(error: ValidationError, origins: Mapping[str, str]) -> ConfigError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    if not key:
        return ConfigError(f"The settings don't fit together: {reason}.")
    # What is missing from a table is told with the whole table, whatever else stands there.
    secret = first["type"] == "missing" or any(name in key for name in ("api_key", "authorization", "headers"))
    value = "" if secret or isinstance(first["input"], Mapping) else f" = {str(first['input'])!r}"
    if first["type"] == "missing":
        return ConfigError(f'The setting "{key}" is missing.', param=key)
    return ConfigError(f'The setting "{key}"{value} ({origins.get(key, "default")}) is wrong: {reason}.', param=key)

"""The tables of ``vasi.toml``, each with its keys, defaults, bounds and descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from vasi.config.values import TABLE, Address, HostName, Key, RealtimeAddress, Secret


class EngineSettings(BaseModel):
    """Which engine does which part: "auto" takes the best that is installed and configured; else its name."""

    model_config = TABLE

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

    model_config = TABLE

    weights: Path | None = Field(
        default=None, description="Its ONNX file, if it lies elsewhere than `vasi download` puts it."
    )


class LlmSettings(BaseModel):
    """A model that answers: an OpenAI-compatible endpoint (Ollama, vLLM, OpenAI, Azure OpenAI) or a file to run."""

    model_config = TABLE

    base_url: Address | None = Field(
        default=None, description="Its address, e.g. `http://localhost:11434/v1` for Ollama."
    )
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The model to ask for; on Azure the deployment.")
    api_version: str | None = Field(
        default=None, description="Azure OpenAI's API version; makes the client speak Azure."
    )
    gguf: str | None = Field(
        default=None,
        min_length=1,
        description="A GGUF file, or the name of a model that `vasi download` fetched (`qwen3-1.7b`), to run on this "
        "machine; needs `pip install 'vasi[llama]'`.",
    )
    gguf_context: int = Field(
        default=8_192,
        ge=2_048,
        le=262_144,
        description="Tokens that conversation, sources and answer may have together with `llm.gguf`; they cost memory.",
    )
    input_tokens: int = Field(
        default=28_672,
        ge=1_024,
        description="How much the model can read; of longer conversations the oldest is left out.",
    )
    images: bool = Field(default=False, description="Whether the model can see; if not, images are refused.")


class EmbeddingSettings(BaseModel):
    """Search by meaning other than with a downloaded model: one in a folder, or an OpenAI-compatible endpoint."""

    model_config = TABLE

    folder: Path | None = Field(
        default=None,
        description="Folder with `model.onnx`, `vocab.txt` or `tokenizer.json`, and `manifest.json`.",
    )
    base_url: Address | None = Field(default=None, description="Its address.")
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The embedding model to ask for.")


class SpeechSettings(BaseModel):
    """An OpenAI-compatible endpoint that speaks (`/audio/speech`)."""

    model_config = TABLE

    base_url: Address | None = Field(default=None, description="Its address.")
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The model to ask for.")
    voices: tuple[str, ...] = Field(
        default=("alloy",), min_length=1, description="Names of voices that it knows; the first is the default."
    )

    @field_validator("voices", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class TranscriptionSettings(BaseModel):
    """An OpenAI-compatible endpoint that recognises speech (`/audio/transcriptions`)."""

    model_config = TABLE

    base_url: Address | None = Field(default=None, description="Its address.")
    api_key: Key | None = Field(default=None, description="Its key, if it wants one.")
    model: str | None = Field(default=None, description="The model to ask for.")


class UpstreamSettings(BaseModel):
    """A service that speaks the Realtime API: Azure OpenAI, OpenAI."""

    model_config = TABLE

    base_url: RealtimeAddress | None = Field(
        default=None, description="Its address, e.g. `https://YOUR-RESOURCE.openai.azure.com`."
    )
    kind: Literal["auto", "azure", "azure-preview", "openai"] = Field(
        default="auto", description="API dialect; by its address unless set."
    )
    api_key: Key | None = Field(default=None, description="Its key; Azure without one is asked with an Entra ID token.")
    model: str | None = Field(
        default=None, description="Realtime model, `gpt-realtime-2.1` unless set; on Azure the deployment."
    )
    api_version: str | None = Field(
        default=None, description="Version of Azure's preview API; leave it out for the present API."
    )
    tenant_id: str | None = Field(default=None, description="The Entra ID tenant to ask for tokens.")
    transcription_model: str | None = Field(
        default=None,
        description="Transcription model (on Azure a deployment), whatever the client asks for; `gpt-transcribe` if "
        "neither names one.",
    )
    interrupted: Literal["fail", "ask_again"] = Field(
        default="fail", description="What happens to an answer when the connection to the service is lost."
    )
    connect_timeout_s: float = Field(default=5.0, gt=0, le=120, description="Seconds that a connection may take.")
    reconnect_s: float = Field(
        default=30.0,
        ge=0,
        le=600,
        description="Seconds for which reconnection is attempted after a loss.",
    )
    fallback: bool = Field(
        default=False, description="Answer with the built-in engines while the service is unavailable."
    )


class McpSettings(BaseModel):
    """An MCP server whose tools the model may call; the table's name is its label."""

    model_config = TABLE

    url: Address = Field(description="Its address (streamable HTTP, or the older SSE).")
    authorization: Secret | None = Field(default=None, description="The token that it wants.")
    headers: dict[str, Secret] = Field(default_factory=dict, description="Further HTTP headers that it wants.")
    offered: bool = Field(
        default=False,
        description="Let every session use its tools that say they only read, not only sessions that name it.",
    )
    approved: bool = Field(default=False, description="With `offered`: those of its tools that change something, too.")

    def all_headers(self) -> dict[str, str]:
        """What is sent with every request."""
        headers = {name.lower(): value.get_secret_value() for name, value in self.headers.items()}
        if self.authorization is not None:
            headers["authorization"] = f"Bearer {self.authorization.get_secret_value()}"
        return headers


class WebPageSettings(BaseModel):
    """Which web pages are read as documents."""

    model_config = TABLE

    private: bool = Field(default=False, description="Pages of this machine and its own network, too.")
    fetch_s: float = Field(default=30.0, ge=1, le=300, description="Seconds that a page may take to come.")


class LimitSettings(BaseModel):
    """How much of what comes from outside is accepted."""

    model_config = TABLE

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
        default=30, ge=0, le=1440, description="Minutes without activity that end a session; 0 for never."
    )
    originals_mb: int | None = Field(
        default=None, ge=1, description="Uploaded documents of one user together, in MB; any number unless set."
    )
    sessions: int = Field(default=200, ge=1, le=100_000, description="Realtime sessions at a time.")
    talking: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Sessions that may talk at a time with engines of this machine; "
        "unless set, as many as its measured speed allows.",
    )
    sessions_per_client: int = Field(
        default=100, ge=1, le=100_000, description="Realtime sessions of one client (of one key and network address)."
    )
    event_streams: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="Clients that may follow `/api/events` at a time: windows of the app.",
    )
    event_streams_per_client: int = Field(default=32, ge=1, le=100_000, description="Those of one client.")
    connections: int = Field(default=2_000, ge=10, le=1_000_000, description="Open network connections.")
    connections_per_address: int = Field(
        default=500, ge=10, le=1_000_000, description="Those of one network address; a proxy in front is one."
    )
    resume_s: int = Field(
        default=30, ge=0, le=600, description="Seconds that a session waits for a client whose connection dropped."
    )


class WebRtcSettings(BaseModel):
    """Calls over WebRTC: needs `pip install 'vasi[webrtc]'`, which `make run` does."""

    model_config = TABLE

    take_calls: bool = Field(default=True, description="Take calls, if WebRTC is installed.")
    host: str | None = Field(
        default=None,
        min_length=1,
        description="Address at which calls come; that of the server unless set. All of the machine's for `0.0.0.0`, "
        "and for a loopback address: a call needs a password that only its client knows.",
    )
    ports: str = Field(
        default="0",
        pattern=r"^\d{1,5}(-\d{1,5})?$",
        description="UDP port to which all calls come, or a range like `50000-50009` of which the first that is free "
        "is taken (for several servers on one machine); 0 takes any.",
    )
    addresses: tuple[HostName, ...] = Field(
        default=(),
        description="Addresses or names under which clients reach this machine (separated by commas), told to them in "
        "place of its own: behind NAT, in a container.",
    )
    stun: str | None = Field(
        default=None,
        pattern="^stun:",
        description="STUN server, like `stun:stun.example.com:3478`, to ask for the address under which this machine "
        "is seen; nobody is asked unless it's set.",
    )
    turn: tuple[str, ...] = Field(
        default=(),
        description="Addresses of a TURN server, like `turn:turn.example.com:3478?transport=udp` (separated by "
        "commas), through which clients behind strict firewalls reach this one.",
    )
    turn_secret: Secret | None = Field(
        default=None,
        description="Secret shared with the TURN server (coturn's `static-auth-secret`); clients get credentials that "
        "last a day.",
    )
    turn_username: str | None = Field(default=None, description="User of the TURN server, where no secret is shared.")
    turn_password: Secret | None = Field(default=None, description="Password of that user.")
    relay: bool = Field(default=False, description="Reach this server through its TURN server, too.")
    most_calls: int = Field(
        default=8, ge=1, le=1000, description="Calls at a time; one takes about a twelfth of a processor core."
    )

    @field_validator("addresses", "turn", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("turn")
    @classmethod
    def _check_turn(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if not address.startswith(("turn:", "turns:")):
                raise ValueError("addresses of a TURN server begin with 'turn:' or 'turns:'")
        return value

    @field_validator("ports")
    @classmethod
    def _check_ports(cls, value: str) -> str:
        first, _, last = value.partition("-")
        if not int(first) <= int(last or first) <= 65_535:
            raise ValueError("a range of ports goes from a lower one to a higher one, up to 65535")
        return value

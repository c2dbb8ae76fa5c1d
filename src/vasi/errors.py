"""Every error that vasi raises on purpose.

::

    VasiError
    ├── ConfigError            a setting is wrong or contradicts another one
    ├── ProtocolError          a Realtime event that can't be accepted
    │   ├── ClientError        the client did it; it gets an ``error`` event, the session lives on
    │   └── UpstreamError      the model service behind us did it; ``retryable`` tells if again may help
    ├── EngineError            an engine (VAD, STT, LLM, TTS, embedder) failed; ``retryable`` tells if again may help
    │   ├── EngineMissing      the engine isn't installed; the message says what to install
    │   └── EngineBusy         it works for too many others now
    ├── ToolError              a tool failed; its message becomes the tool's output
    │   └── McpError           an MCP server couldn't be reached, or refused
    ├── DocumentError          a document can't be read; one line for the user
    ├── StoreError             storage failed
    │   └── NotFoundError      no such row for this owner
    ├── LimitError             something from outside is too large, too long or too much
    │   └── OverloadedError    the server has no room; later it may have
    └── AuthError              you aren't signed in, or your key is wrong
        ├── ForbiddenError     who you are doesn't allow it
        └── SignInError        a sign-in at a provider, or a token of one, isn't accepted; ``failure`` says how

Each has a ``code`` (stable, for programs), an ``http_status``, the ``type`` of the Realtime ``error`` event, and a
message of one sentence that says what to do.
"""

from __future__ import annotations

from typing import Literal, TypeAlias


class VasiError(Exception):
    """The root: ``str(error)`` is one plain sentence fit for a user.

    Attributes:
        code: stable identifier for programs.
        http_status: status of an HTTP reply that reports it.
        event_type: ``error.type`` of the Realtime ``error`` event that reports it.
        close_code: how a WebSocket closes that ends with it.
        param: dotted path of the offending field, where there is one.
    """

    code: str = "internal_error"
    http_status: int = 500
    event_type: str = "server_error"
    close_code: int = 1011

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.param = param


class ConfigError(VasiError):
    """A setting is wrong, or contradicts another one."""

    code = "config_error"


class ProtocolError(VasiError):
    """A Realtime event that can't be accepted."""


class ClientError(ProtocolError):
    """The client sent it: report it in an ``error`` event and carry on."""

    code = "invalid_value"
    http_status = 400
    event_type = "invalid_request_error"


class UpstreamError(ProtocolError):
    """The model service behind us sent it, or closed the connection."""

    code = "upstream_error"
    http_status = 502

    def __init__(
        self, message: str, *, code: str | None = None, close_code: int = 1011, retryable: bool = False
    ) -> None:
        super().__init__(message, code=code)
        self.close_code = close_code
        self.retryable = retryable


class EngineError(VasiError):
    """An engine failed."""

    code = "engine_error"
    http_status = 503

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, retryable: bool = False
    ) -> None:
        super().__init__(message, code=code, param=param)
        self.retryable = retryable


class EngineMissing(EngineError):
    """The engine isn't installed; the message names the command that installs it."""

    code = "engine_missing"


class EngineBusy(EngineError):
    """The engine works, but for too many others: it's no failure, and later it may have time."""

    code = "engine_busy"


class ToolError(VasiError):
    """A tool failed; the message is what the model gets as the tool's output."""

    code = "tool_error"


class McpError(ToolError):
    """An MCP server couldn't be reached, or refused.

    Attributes:
        http: the HTTP status that says how; None if the server refused in the words of MCP.
        rpc: its JSON-RPC error code then.
    """

    code = "mcp_error"
    http_status = 502

    def __init__(self, message: str, *, http: int | None = None, rpc: int = 0) -> None:
        super().__init__(message)
        self.http = http
        self.rpc = rpc


class DocumentError(VasiError):
    """A document can't be read; the message names the reason in one line."""

    code = "document_error"
    http_status = 422
    event_type = "invalid_request_error"


class StoreError(VasiError):
    """Storage failed; nothing of the attempted change was kept.

    ``message`` is for clients. ``str(error)``, for those who run the server, names the ``place`` too: a path.
    """

    code = "store_error"
    http_status = 503

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, place: object = None
    ) -> None:
        super().__init__(message, code=code, param=param)
        if place is not None:
            self.args = (f"{message} ({place})",)


class NotFoundError(StoreError):
    """This owner has no such row."""

    code = "not_found"
    http_status = 404
    event_type = "invalid_request_error"


class LimitError(VasiError):
    """Too large, too long or too much; the message names the limit."""

    code = "limit_exceeded"
    http_status = 413
    event_type = "invalid_request_error"


class OverloadedError(LimitError):
    """The server has no room for more; the message says for what.

    Attributes:
        retry_after_s: seconds after which it's worth trying again.
    """

    code = "server_overloaded"
    http_status = 503
    event_type = "server_error"
    close_code = 1013

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, retry_after_s: int = 5
    ) -> None:
        super().__init__(message, code=code, param=param)
        self.retry_after_s = retry_after_s


class AuthError(VasiError):
    """Not signed in, or with a key that is wrong."""

    code = "invalid_api_key"
    http_status = 401
    event_type = "invalid_request_error"


class ForbiddenError(AuthError):
    """Signed in, and not allowed."""

    code = "forbidden"
    http_status = 403


SignInFailure: TypeAlias = Literal[
    "denied",
    "not_allowed",
    "expired",
    "mismatch",
    "provider_unreachable",
    "provider_error",
    "disabled",
    "email_not_verified",
]
"""What a browser is told of a sign-in that failed; the app has words for each.

``denied``: the user or the provider said no. ``not_allowed``: it isn't one of those who may come in. ``expired``: it
took too long. ``mismatch``: what came back doesn't belong to what was asked for.
"""


class SignInError(AuthError):
    """A sign-in at a provider, or a token of one, isn't accepted.

    Attributes:
        failure: what a browser is told; the ``code`` as well.
        detail: why, for the log of the server; without secrets.
    """

    def __init__(self, failure: SignInFailure, detail: str) -> None:
        super().__init__(f"The sign-in failed: {failure.replace('_', ' ')}.", code=failure)
        self.failure: SignInFailure = failure
        self.detail = detail

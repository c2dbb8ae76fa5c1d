"""Why a model service is unavailable, in a sentence that says what to do; never with a key in it."""

from __future__ import annotations

import re

from vasi.backends.upstream.address import Address
from vasi.errors import UpstreamError
from vasi.protocol.server_events import ErrorBody

_CLIPPED = 200
WHOLE_WORD = 8
"""Secrets of fewer characters are only hidden where they stand alone."""
_SHORTEST_KEY = 8
_AROUND_WORDS = ".,;:!?\"'`()[]{}<>="
_KEYS = re.compile(r"\b(?:sk|ek|rk|pk)[-_][\w*.\-]{4,}|\beyJ[\w-]{4,}+(?:\.[\w-]*+)*+|\b[0-9a-fA-F]{32,}\b|\b\w{80,}\b")
"""What looks like a key or a token, also where a service has starred most of it."""

REFUSED_SESSION = "upstream_refused_session"
TRY_AGAIN, MISCONFIGURED = 1013, 1008
"""Close codes: a client that connects again by itself does so after the first, not after the second."""


def scrubbed(text: str, *secrets: str) -> str:
    """``text`` without these secrets and without what looks like one.

    A short secret, as a stand-in for a key is, is hidden only where it stands alone: its letters occur in words, too.
    """
    for secret in filter(None, secrets):
        if len(secret) >= _SHORTEST_KEY:
            text = text.replace(secret, "[hidden]")
        else:
            words = text.split(" ")
            text = " ".join(w.replace(secret, "[hidden]") if w.strip(_AROUND_WORDS) == secret else w for w in words)
    return _KEYS.sub("[hidden]", text)


def _in_words(seconds: float) -> str:
    return f"{seconds:g} {'second' if seconds == 1 else 'seconds'}"


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CLIPPED else text[:_CLIPPED] + "…"


def from_status(status: int, said: str, address: Address) -> UpstreamError:
    """It answered the handshake with an HTTP status; ``said`` is its reason, scrubbed."""
    service = f"The model service at {address.shown}"
    words = f" ({_clip(said)})" if said.strip() else ""
    match status:
        case 401:
            remedy = (
                "set AZURE_OPENAI_API_KEY (upstream.api_key) to a key of this resource, or give the identity the role "
                "Cognitive Services OpenAI User"
                if address.azure
                else "set OPENAI_API_KEY (upstream.api_key) to a valid key"
            )
            return UpstreamError(
                f"{service} refused the key; {remedy}.", code="upstream_unauthorized", close_code=MISCONFIGURED
            )
        case 403:
            return UpstreamError(
                f"{service} forbids access; check the key's rights and the service's network rules{words}.",
                code="upstream_forbidden",
                close_code=MISCONFIGURED,
            )
        case 404:
            what = "deployment" if address.azure else "model"
            version = f" in version '{address.api_version}'" if address.beta else ""
            return UpstreamError(
                f"{service} has no realtime {what} '{address.model}'{version}; check {address.settings}{words}.",
                code="upstream_not_found",
                close_code=MISCONFIGURED,
            )
        case 429:
            return UpstreamError(
                f"{service} is busy, or its quota is used up; try again in a moment, or check the quota there{words}.",
                code="upstream_rate_limited",
                close_code=TRY_AGAIN,
                retryable=True,
            )
        case _ if status >= 500:
            return UpstreamError(
                f"{service} failed with HTTP status {status}; try again in a moment{words}.",
                code="upstream_failed",
                close_code=TRY_AGAIN,
                retryable=True,
            )
        case _:
            return UpstreamError(
                f"{service} answered with HTTP status {status} instead of a Realtime session; check "
                f"{address.settings}{words}.",
                code="upstream_refused",
                close_code=MISCONFIGURED,
            )


_AS_STATUS = {
    "invalid_api_key": 401,
    "invalid_organization": 403,
    "model_not_found": 404,
    "insufficient_quota": 429,
    "rate_limit_exceeded": 429,
}
"""What a service that takes every handshake says then, and what others say with an HTTP status."""


def from_code(code: str, said: str, address: Address) -> UpstreamError | None:
    """The refusal that an error outside the handshake means; None if it means none. ``said`` is scrubbed."""
    status = _AS_STATUS.get(code)
    return None if status is None else from_status(status, said, address)


def from_error(error: ErrorBody, said: str, address: Address) -> UpstreamError:
    """It took the handshake and then said ``error`` instead of opening a session."""
    known = from_code(error.code or "", said, address)
    if known is not None:
        return known
    if error.type != "invalid_request_error" or error.code == "session_expired":
        return connection_lost(address, said)
    return UpstreamError(
        f"The model service at {address.shown} refused the session ({_clip(said)}); check {address.settings}.",
        code="upstream_refused",
        close_code=MISCONFIGURED,
    )


def unsendable_key(address: Address) -> UpstreamError:
    """The key or token holds what no HTTP header can."""
    where = "AZURE_OPENAI_API_KEY" if address.azure else "OPENAI_API_KEY"
    return UpstreamError(
        f"The key for the model service at {address.shown} holds a character that can't be sent; check {where} "
        "(upstream.api_key).",
        code="upstream_unauthorized",
        close_code=MISCONFIGURED,
    )


def too_slow(address: Address, seconds: float) -> UpstreamError:
    """Nothing came in time."""
    return UpstreamError(
        f"The model service at {address.shown} did not answer within {_in_words(seconds)}; try again, and check "
        "the network if it goes on.",
        code="upstream_timeout",
        close_code=TRY_AGAIN,
        retryable=True,
    )


def unreachable(address: Address, why: str) -> UpstreamError:
    """No connection at all, or none that can be trusted."""
    return UpstreamError(
        f"No model service can be reached at {address.shown}; check {address.base_setting} and the network "
        f"({_clip(why)}).",
        code="upstream_unreachable",
        close_code=TRY_AGAIN,
        retryable=True,
    )


def connection_lost(address: Address, why: str) -> UpstreamError:
    """It closed the connection before or during a session."""
    words = f" ({_clip(why)})" if why else ""
    return UpstreamError(
        f"The model service at {address.shown} closed the connection{words}; try again in a moment.",
        code="upstream_disconnected",
        close_code=TRY_AGAIN,
        retryable=True,
    )


def closes_on_event(address: Address, why: str) -> UpstreamError:
    """It closes its connections on an event, or never answers it."""
    return UpstreamError(
        f"The model service at {address.shown} repeatedly closes the connection when it receives this event "
        f"({_clip(why)}); the event is left out, change it and try again.",
        code="upstream_disconnected",
    )


def not_reconnected(failure: UpstreamError, seconds: float) -> UpstreamError:
    """A lost connection couldn't be replaced in time; ``failure`` is why the last attempt failed."""
    message = f"The connection was lost, and for {_in_words(seconds)} there was no other. {failure.message}"
    return UpstreamError(message, code=failure.code, close_code=failure.close_code, retryable=failure.retryable)


def circuit_open(address: Address, seconds: float) -> UpstreamError:
    """It failed so often that the circuit breaker is open."""
    return UpstreamError(
        f"The model service at {address.shown} fails again and again; it is tried once more in "
        f"{_in_words(max(1, round(seconds)))}.",
        code="upstream_unavailable",
        close_code=TRY_AGAIN,
        retryable=True,
    )


def refused_session(address: Address, said: str) -> UpstreamError:
    """It doesn't take the configuration of the session."""
    return UpstreamError(
        f"The model service at {address.shown} doesn't take the session's settings ({_clip(said)}); check voice and "
        "upstream.transcription_model, and what the client asks for.",
        code=REFUSED_SESSION,
        close_code=MISCONFIGURED,
    )


def no_token(why: str) -> UpstreamError:
    """Entra ID gave no token."""
    return UpstreamError(
        "No Entra ID token could be obtained for Azure OpenAI; sign in with `az login`, give this machine a managed "
        f"identity, or set AZURE_OPENAI_API_KEY ({_clip(why)}).",
        code="upstream_unauthorized",
        close_code=MISCONFIGURED,
    )

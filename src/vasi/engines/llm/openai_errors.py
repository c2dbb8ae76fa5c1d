"""What went wrong with a model server, in a sentence that says what to do."""

from __future__ import annotations

import openai

from vasi.errors import EngineError

_CLIPPED = 200


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CLIPPED else text[:_CLIPPED] + "…"


def is_too_long(error: openai.APIError) -> bool:
    """Whether the conversation does not fit the model's context."""
    text = str(error).lower()
    return error.code == "context_length_exceeded" or (
        "context" in text and any(word in text for word in ("length", "size", "window", "exceed", "too long"))
    )


def is_filtered(error: openai.APIError) -> bool:
    """Whether the service's content filter refused the request."""
    return error.code in ("content_filter", "content_policy_violation")


def from_status(error: openai.APIStatusError, url: str, model: str) -> EngineError:
    """An HTTP status that isn't success."""
    server = f"The model server at {url}"
    said = _clip(str(error))
    match error.status_code:
        case 401 | 403:
            return EngineError(
                f"{server} refused the API key; set llm.api_key (VASI_LLM__API_KEY) to one that may use '{model}'.",
                code="llm_unauthorized",
            )
        case 404:
            return EngineError(
                f"{server} has no model '{model}', or no chat completions at that address; check llm.model and "
                "llm.base_url.",
                code="llm_not_found",
            )
        case 429:
            return EngineError(
                f"{server} is busy, or its quota is used up; try again in a moment, or check your plan there.",
                code="llm_rate_limited",
                retryable=True,
            )
        case 400 | 413 | 422 if is_too_long(error):
            return EngineError(
                f"The conversation is too long for the model '{model}'; start a new one, or choose a model with a "
                "larger context.",
                code="llm_context_length",
            )
        case 400 | 422 if "tool" in said.lower() and "support" in said.lower():
            return EngineError(
                f"The model '{model}' can't call tools, so it can't look into documents and notes; choose one in "
                f"llm.model that can ({server} said: {said}).",
                code="llm_no_tools",
            )
        case status if status >= 500:
            return EngineError(
                f"{server} failed with HTTP status {status}; look at its log, or try again ({said}).",
                code="llm_failed",
                retryable=True,
            )
        case status:
            return EngineError(
                f"{server} did not accept the request (HTTP status {status}): {said}", code="llm_refused"
            )


def from_stream(error: openai.APIError, url: str, model: str) -> EngineError:
    """An error that the server reported in the middle of its answer."""
    if is_too_long(error):
        return EngineError(
            f"The conversation is too long for the model '{model}'; start a new one, or choose a model with a larger "
            "context.",
            code="llm_context_length",
        )
    return EngineError(
        f"The model server at {url} gave up in the middle of its answer; try again ({_clip(error.message)}).",
        code="llm_failed",
        retryable=True,
    )


def unreachable(error: BaseException, url: str) -> EngineError:
    """No connection at all, or none that could be trusted."""
    cause = error.__cause__ or error
    return EngineError(
        f"No model server answers at {url}; start it, or correct llm.base_url ({_clip(str(cause) or repr(cause))}).",
        code="llm_unreachable",
        retryable=True,
    )


def broken_off(url: str) -> EngineError:
    """The connection ended before the answer did."""
    return EngineError(
        f"The model server at {url} hung up in the middle of its answer; try again, and look at its log if it goes on.",
        code="llm_broken_off",
        retryable=True,
    )


def nonsense(url: str) -> EngineError:
    """The answer isn't a streamed chat completion."""
    return EngineError(
        f"What answers at {url} does not speak the chat completions API; check llm.base_url (it often ends in /v1).",
        code="llm_nonsense",
    )


def too_slow(url: str, seconds: float, *, begun: bool) -> EngineError:
    """Nothing came for too long."""
    what = "stopped in the middle of its answer and sent nothing" if begun else "sent nothing"
    return EngineError(
        f"The model server at {url} {what} for {seconds:g} seconds; try again, or choose a smaller model.",
        code="llm_timeout",
        retryable=True,
    )


def unreadable_call(model: str) -> EngineError:
    """All that the model wrote was a function call in its text, which can't be read."""
    return EngineError(
        f"The model '{model}' writes its function calls as text that can't be read; turn on the parser of tool calls "
        "in its server, or choose another model."
    )

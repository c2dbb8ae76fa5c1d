"""Any OpenAI-compatible ``/chat/completions`` as a language model: Ollama, llama.cpp, vLLM, OpenAI, Azure OpenAI."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

import httpx2
import openai

from vasi.engines.llm import openai_errors
from vasi.engines.llm.chat_request import chat_messages, chat_options, chat_tools
from vasi.engines.llm.chat_stream import ChunkReader
from vasi.engines.ports import ChatRequest, LlmDone, LlmEvent, TextDelta
from vasi.errors import ConfigError, EngineError

_Create: TypeAlias = Callable[..., Awaitable[openai.AsyncStream[Any]]]

_LONGEST_WAIT = 5.0
"""Seconds that a server's Retry-After is honoured; nobody listens to silence for longer."""
_OPTIONS = {"reasoning_effort": ("reason", "think"), "parallel_tool_calls": ("parallel_tool_calls", "parallel tool")}
"""Fields that only some servers take, and words with which the others complain of them."""
_USAGE_WAIT = 2.0
"""Seconds to wait for the token counts after the answer is complete."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until the model server counts as gone."""

    connect: float = 5.0
    first_token: float = 60.0
    next_token: float = 30.0


class OpenAIChatLlm:
    """A model behind an OpenAI-compatible chat endpoint.

    A request that fails before its first token is made again (``retries`` times) where that may help; afterwards never,
    since what was said can't be unsaid. Text in ``<think>`` tags is not passed on.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        api_key: str | None = None,
        api_version: str | None = None,
        extra: Mapping[str, Any] | None = None,
        timeouts: Timeouts | None = None,
        retries: int = 2,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        """Nothing is connected before the first request.

        Args:
            model: the model to ask for; on Azure the deployment.
            base_url: the address in front of ``/chat/completions``; with ``api_version`` the Azure resource's.
            api_key: None for servers that want none.
            api_version: Azure OpenAI's dated API; leave it out for Azure's ``/openai/v1``.
            extra: further fields of the request, as the server documents them (``temperature``, ``seed``, ...).
            timeouts: how long to wait for what.
            retries: how often to try again before the first token.
            sleep: waits between the tries.
            new_id: makes call ids for servers that send none.

        Raises:
            ConfigError: the address isn't one, or ``model`` is empty.
        """
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
            raise ConfigError(f"llm.base_url '{base_url}' is no http address, like http://localhost:11434/v1.")
        if not model:
            raise ConfigError("llm.model is empty; name the model to ask for.")
        self._model = model
        self._url = base_url.rstrip("/")
        self._key = api_key
        self._api_version = api_version
        self._extra = dict(extra or {})
        self._timeouts = timeouts or Timeouts()
        self._retries = retries
        self._sleep = sleep
        self._new_id = new_id
        self._client: openai.AsyncOpenAI | None = None
        # What this server turned out not to take.
        self._reports_usage = True
        newest = api_version is not None or urlsplit(base_url).netloc.endswith(("openai.com", "azure.com"))
        self._limit_field = "max_completion_tokens" if newest else "max_tokens"
        self._renamed = False
        self._refused_options: set[str] = set()

    @property
    def name(self) -> str:
        return self._model

    async def start(self) -> None:
        """Make the client (certificates take a while to load); does not yet connect."""
        if self._client is None:
            self._client = await asyncio.to_thread(self._make_client)
            await asyncio.to_thread(lambda: asyncio.run(_rehearse()))

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """See ``Llm``. Closing the iterator hangs up, which makes the server stop."""
        await self.start()
        fields: dict[str, Any] = {
            "model": self._model,
            "messages": chat_messages(request.messages, request.now, request.language),
            "stream": True,
            **chat_tools(request),
        }
        options = chat_options(request)
        for attempt in range(self._retries + 1):
            begun = False
            functions = {tool.name for tool in request.tools}
            answer = self._answer(fields, request.max_output_tokens, options, functions)
            try:
                async for event in answer:
                    begun = True
                    yield event
                return
            except _Failure as failure:
                if begun or attempt == self._retries or not failure.again:
                    raise failure.error from failure.__cause__
                await self._sleep(failure.wait or 0.25 * 2**attempt)
            finally:
                await answer.aclose()

    async def _answer(
        self, fields: dict[str, Any], limit: int | None, options: dict[str, Any], functions: Set[str]
    ) -> AsyncGenerator[LlmEvent, None]:
        """One attempt. Raises ``_Failure``."""
        loop = asyncio.get_running_loop()
        first_by = loop.time() + self._timeouts.first_token
        reader = ChunkReader(self._new_id, functions)
        spoken = 0
        begun = False
        try:
            async with asyncio.timeout_at(first_by):
                stream = await self._open(fields, limit, options)
        except TimeoutError as error:
            raise self._too_slow(begun=False) from error
        except _Filtered:
            yield LlmDone("content_filter", input_tokens=_estimate(fields["messages"]))
            return
        try:
            chunks = aiter(stream)
            while True:
                if reader.finish_reason:
                    by = loop.time() + _USAGE_WAIT
                else:
                    by = loop.time() + self._timeouts.next_token if begun else first_by
                try:
                    async with asyncio.timeout_at(by):
                        chunk = await anext(chunks, None)
                except TimeoutError as error:
                    if reader.finish_reason:
                        break
                    raise self._too_slow(begun=begun) from error
                if chunk is None:
                    break
                await asyncio.sleep(0)  # chunks that are there already come without a pause; others want their turn
                for event in reader.feed(chunk):
                    begun = True
                    spoken += len(event.text if isinstance(event, TextDelta) else event.arguments)
                    yield event
                if reader.finish_reason and (reader.usage or not self._reports_usage):
                    break
        except openai.APIError as error:
            raise _Failure(openai_errors.from_stream(error, self._url, self._model)) from error
        except httpx2.HTTPError as error:
            if not reader.finish_reason:
                raise _Failure(openai_errors.broken_off(self._url)) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise _Failure(openai_errors.nonsense(self._url), again=False) from error
        finally:
            await stream.close()
        if not reader.finish_reason:
            raise _Failure(openai_errors.broken_off(self._url) if begun else openai_errors.nonsense(self._url))
        for event in reader.rest():
            spoken += len(event.text if isinstance(event, TextDelta) else event.arguments)
            yield event
        yield self._done(reader, _estimate(fields["messages"]), spoken // 4)

    async def _open(
        self, fields: dict[str, Any], limit: int | None, options: dict[str, Any]
    ) -> openai.AsyncStream[Any]:
        """Send the request, without the optional fields that this server turns out not to take."""
        if self._client is None:
            raise _Failure(EngineError("The language model is stopped; start it first."), again=False)
        while True:
            optional: dict[str, Any] = {"stream_options": {"include_usage": True}} if self._reports_usage else {}
            optional |= {name: value for name, value in options.items() if name not in self._refused_options}
            if limit is not None:
                optional[self._limit_field] = limit
            try:
                create = cast("_Create", self._client.chat.completions.create)
                return await create(**fields, **optional, extra_body=self._extra)
            except openai.APIStatusError as error:
                if error.status_code in (400, 422) and self._adapt(str(error), optional):
                    continue
                if openai_errors.is_filtered(error):
                    raise _Filtered from error
                failure = openai_errors.from_status(error, self._url, self._model)
                raise _Failure(failure, wait=_retry_after(error)) from error
            except openai.APITimeoutError as error:
                raise _Failure(openai_errors.unreachable(error, self._url)) from error
            except openai.APIConnectionError as error:
                raise _Failure(openai_errors.unreachable(error, self._url)) from error
            except openai.OpenAIError as error:
                raise _Failure(openai_errors.nonsense(self._url), again=False) from error

    def _adapt(self, complaint: str, sent: dict[str, Any]) -> bool:
        """Whether the server complained of an optional field that can be left out or renamed."""
        if "stream_options" in sent and ("stream_options" in complaint or "include_usage" in complaint):
            self._reports_usage = False
            return True
        for name, words in _OPTIONS.items():
            if name in sent and any(word in complaint for word in words):
                self._refused_options.add(name)
                return True
        other = "max_tokens" if self._limit_field == "max_completion_tokens" else "max_completion_tokens"
        if self._limit_field in sent and self._limit_field in complaint and not self._renamed:
            self._renamed = True
            self._limit_field = other
            return True
        return False

    def _done(self, reader: ChunkReader, asked: int, answered: int) -> LlmDone:
        """The end of an answer; ``asked`` and ``answered`` are estimates for servers that don't count tokens."""
        if reader.unreadable:
            raise _Failure(openai_errors.unreadable_call(self._model), again=False)
        usage = reader.usage
        details = getattr(usage, "prompt_tokens_details", None)
        return LlmDone(
            reader.finish,
            input_tokens=_count(getattr(usage, "prompt_tokens", None), asked),
            output_tokens=_count(getattr(usage, "completion_tokens", None), answered),
            cached_tokens=_count(getattr(details, "cached_tokens", None), 0),
        )

    def _too_slow(self, *, begun: bool) -> _Failure:
        seconds = self._timeouts.next_token if begun else self._timeouts.first_token
        return _Failure(openai_errors.too_slow(self._url, seconds, begun=begun), again=False)

    def _make_client(self) -> openai.AsyncOpenAI:
        url, query, headers = self._url, None, None
        if self._api_version is not None:
            parts = urlsplit(self._url)
            url = f"{parts.scheme}://{parts.netloc}/openai/deployments/{self._model}"
            query = {"api-version": self._api_version}
            headers = {"api-key": self._key or ""}
        longest = max(self._timeouts.first_token, self._timeouts.next_token) + 5
        client = openai.AsyncOpenAI(
            api_key=self._key or "none",
            base_url=url,
            default_query=query,
            default_headers=headers,
            timeout=httpx2.Timeout(longest, connect=self._timeouts.connect),
            max_retries=0,
        )
        # The SDK takes these from the environment; settings come from one place only.
        client.organization = client.project = None
        return client


class _Filtered(Exception):
    """The service's content filter refused the request."""


class _Failure(Exception):
    """One attempt failed; ``again`` tells if the next may succeed, ``wait`` after how many seconds."""

    def __init__(self, error: EngineError, *, again: bool | None = None, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = error.retryable if again is None else again
        self.wait = wait


async def _rehearse() -> None:
    """Ask a server that is only played: the SDK imports and reflects for some 50 ms at its first answer."""
    chunk = '{"id":"","object":"chat.completion.chunk","created":0,"model":"","choices":[]}'
    answer = httpx2.Response(
        200, headers={"content-type": "text/event-stream"}, text=f"data: {chunk}\n\ndata: [DONE]\n\n"
    )
    stage = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer))
    async with openai.AsyncOpenAI(api_key="none", base_url="http://rehearsal.invalid", http_client=stage) as client:
        stream = await client.chat.completions.create(
            model="none", messages=[{"role": "user", "content": "Hello."}], stream=True
        )
        async for _ in stream:
            pass


def _retry_after(error: openai.APIStatusError) -> float | None:
    try:
        return min(_LONGEST_WAIT, max(0.0, float(error.response.headers.get("retry-after", ""))))
    except ValueError:
        return None


def _estimate(messages: list[dict[str, Any]]) -> int:
    return sum(len(_text(message.get("content"))) for message in messages) // 4 + 1


def _text(content: object) -> str:
    """The words of a message without its images."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in cast("list[dict[str, Any]]", content))
    return str(content or "")


def _count(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise

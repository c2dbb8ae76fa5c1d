"""Requests to providers: whatever answers gets little time, and little of it is read."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import msgspec

from vasi.errors import SignInError

ANSWER_S = 10.0
"""How long a provider may take for one answer, from the connection to its last byte."""
ANSWER_BYTES = 512 * 1024
"""How long that answer may be; the keys of large providers take some 20 kB."""
_HEADERS = {
    "accept": "application/json",
    "user-agent": "vasi",
    # What is unpacked could be much larger than what came.
    "accept-encoding": "identity",
}


class ProviderTransport(httpx2.AsyncBaseTransport):
    """Carries requests to providers, within limits. Redirects aren't followed.

    Args:
        seconds: what one answer may take.
        most_bytes: how long it may be.

    Attributes:
        seconds, most_bytes: the limits.
    """

    def __init__(self, *, seconds: float = ANSWER_S, most_bytes: int = ANSWER_BYTES) -> None:
        self.seconds = seconds
        self.most_bytes = most_bytes
        # One for all requests: to load the certificates of authorities takes longer than a sign-in may.
        self._client: httpx2.AsyncClient | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The whole answer. Raises ``SignInError`` (``provider_unreachable`` or ``provider_error``)."""
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=self.seconds, follow_redirects=False)
        for name, value in _HEADERS.items():
            request.headers[name] = value
        place = f"{request.url.scheme}://{request.url.netloc.decode()}{request.url.path}"
        try:
            async with asyncio.timeout(self.seconds):
                return await self._answer(self._client, request, place)
        except TimeoutError:
            raise SignInError("provider_unreachable", f"{place} took over {self.seconds:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise SignInError("provider_unreachable", f"{place}: {type(error).__name__}: {error}") from None

    async def _answer(self, client: httpx2.AsyncClient, request: httpx2.Request, place: str) -> httpx2.Response:
        response = await client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise SignInError("provider_error", f"{place} sent a packed answer")
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > self.most_bytes:
                    raise SignInError("provider_error", f"{place} sent over {self.most_bytes} bytes")
        finally:
            await response.aclose()
            client.cookies.clear()  # what was said for one user isn't sent along for another
        return httpx2.Response(response.status_code, headers=response.headers, content=bytes(body), request=request)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


async def fetch_json(transport: ProviderTransport, address: str, kind: Any, *, bearer: str | None = None) -> Any:
    """What ``address`` holds, as ``kind``.

    Args:
        transport: carries the request.
        address: of the resource.
        kind: a type that msgspec decodes.
        bearer: access token to send.

    Raises:
        SignInError: it can't be reached, refuses, or holds something else.
    """
    try:
        request = httpx2.Request("GET", address)
    except (httpx2.InvalidURL, ValueError):
        raise SignInError("provider_error", f"{address[:200]!r} is no address") from None
    if bearer is not None:
        request.headers["authorization"] = f"Bearer {bearer}"
    response = await transport.handle_async_request(request)
    if response.status_code != 200:
        # A proxy or the provider itself may be down for the moment.
        failure = "provider_unreachable" if response.status_code in (429, 502, 503, 504) else "provider_error"
        raise SignInError(failure, f"{address} answered {response.status_code}")
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise SignInError("provider_error", f"{address} didn't answer with what was expected") from None

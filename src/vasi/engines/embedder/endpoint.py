"""Vectors from any OpenAI-compatible ``/embeddings`` endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vasi.errors import EngineError
from vasi.storage.ports import Vector

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_LONGEST_TEXT = 20_000
"""Characters; endpoints refuse texts of more than about 8,000 tokens."""


class EndpointEmbedder:
    """An ``Embedder`` behind HTTP.

    Args:
        model: as the endpoint calls it.
        base_url: e.g. ``http://localhost:11434/v1``; None for OpenAI's own.
        api_key: may be empty where the endpoint asks for none.
        threshold: cosine from which on a passage most likely answers a question.
        dimensions: length of the vectors, for models that can shorten them.
        timeout: seconds for one request.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str = "",
        threshold: float = 0.4,
        dimensions: int | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._threshold = threshold
        self._dimensions = dimensions
        self._timeout = timeout
        self._client: AsyncOpenAI | None = None

    @property
    def model(self) -> str:
        """The endpoint's name of the model, with the length of its vectors if that was chosen."""
        return f"{self._model}/{self._dimensions}" if self._dimensions else self._model

    @property
    def threshold(self) -> float:
        """As given."""
        return self._threshold

    @property
    def contrast(self) -> float:
        """That of most models."""
        return 1.0

    @property
    def multilingual(self) -> bool:
        """As most that are served are."""
        return True

    async def start(self) -> None:
        """Nothing is asked before it's needed."""

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """One request; questions and passages are treated alike.

        Raises:
            EngineError: the endpoint refused, failed, or isn't there.
        """
        import openai

        if self._client is None:
            # A client refuses an empty key; endpoints that need none ignore it.
            self._client = openai.AsyncOpenAI(
                api_key=self._api_key or "none", base_url=self._base_url, timeout=self._timeout, max_retries=1
            )
        try:
            reply = await self._client.embeddings.create(
                model=self._model,
                input=[text[:_LONGEST_TEXT] or " " for text in texts],
                encoding_format="float",
                dimensions=self._dimensions if self._dimensions else openai.omit,
            )
        except openai.OpenAIError as error:
            again = isinstance(error, openai.APIConnectionError | openai.RateLimitError | openai.InternalServerError)
            raise EngineError(f"The embeddings endpoint failed: {error}.", retryable=again) from error
        rows = [item.embedding for item in sorted(reply.data, key=lambda item: item.index)]
        if len(rows) != len(texts) or len({len(row) for row in rows}) != 1 or not rows[0]:
            raise EngineError(f"The embeddings endpoint sent {len(rows)} vectors for {len(texts)} texts.")
        vectors = np.asarray(rows, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return list(vectors / np.where(lengths > 0, lengths, 1))

    async def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

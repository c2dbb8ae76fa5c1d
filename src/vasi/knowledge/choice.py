"""Which embedder makes the vectors of passages: the one that was named, or the best that is configured."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from vasi.config import Settings
from vasi.errors import ConfigError
from vasi.knowledge.embed import Embedder


def choose(settings: Settings) -> Literal["minilm", "openai", "none"]:
    """The name of the embedder. Raises ``ConfigError``."""
    wanted, embeddings = settings.engines.embedder, settings.embeddings
    match wanted:
        case "none":
            return "none"
        case "auto":
            return "minilm" if embeddings.folder else "openai" if embeddings.base_url and embeddings.model else "none"
        case "minilm":
            if embeddings.folder is None:
                raise ConfigError("engines.embedder is 'minilm': set embeddings.folder too.", param="embeddings.folder")
            return "minilm"
        case "openai":
            if not embeddings.model:
                raise ConfigError("engines.embedder is 'openai': set embeddings.model too.", param="embeddings.model")
            return "openai"
        case _:
            text = f"engines.embedder is '{wanted}', but there are only: auto, none, minilm, openai."
            raise ConfigError(text, param="engines.embedder")


async def make_embedder(settings: Settings) -> Embedder | None:
    """What makes vectors; None to search without. Raises ``ConfigError``, ``EngineMissing``."""
    embeddings = settings.embeddings
    match choose(settings):
        case "none":
            return None
        case "minilm":
            from vasi.knowledge.minilm import MiniLm

            return await MiniLm.load(Path(str(embeddings.folder)))
        case "openai":
            from vasi.knowledge.endpoint import EndpointEmbedder

            key = embeddings.api_key.get_secret_value() if embeddings.api_key else ""
            return EndpointEmbedder(str(embeddings.model), base_url=embeddings.base_url, api_key=key)

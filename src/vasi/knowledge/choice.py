"""The built-in embedders, and the choice among these and those that packages add (``vasi.plugins``)."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable
from pathlib import Path

from vasi import plugins
from vasi.config import Settings
from vasi.knowledge.embed import Embedder
from vasi.plugins import Candidate


def _lacks_folder(settings: Settings) -> str | None:
    return None if settings.embeddings.folder else "Set embeddings.folder to the folder of a model."


def _minilm(settings: Settings) -> Awaitable[Embedder]:
    from vasi.knowledge.minilm import MiniLm

    return MiniLm.load(Path(str(settings.embeddings.folder)))


def _lacks_endpoint(settings: Settings) -> str | None:
    embeddings = settings.embeddings
    if not embeddings.model:
        return "Set embeddings.model to the name of the model to ask for."
    # Whoever names it means OpenAI's own address; "auto" sends nothing there.
    named = settings.engines.embedder == "openai"
    return None if embeddings.base_url or named else "Set embeddings.base_url to the address of the server."


def _endpoint(settings: Settings) -> Embedder:
    from vasi.knowledge.endpoint import EndpointEmbedder

    embeddings = settings.embeddings
    key = embeddings.api_key.get_secret_value() if embeddings.api_key else ""
    return EndpointEmbedder(str(embeddings.model), base_url=embeddings.base_url, api_key=key)


EMBEDDERS = (
    Candidate(
        "embedder",
        "minilm",
        _lacks_folder,
        _minilm,
        "The model in embeddings.folder finds passages by meaning.",
        priority=30,
    ),
    Candidate(
        "embedder",
        "openai",
        _lacks_endpoint,
        _endpoint,
        "The OpenAI-compatible embeddings that are configured find passages by meaning.",
        priority=20,
    ),
    Candidate(
        "embedder",
        "none",
        lambda _: None,
        lambda _: None,
        "Passages are found by their words and sounds.",
        "Search by meaning as well: set embeddings.folder, or embeddings.base_url and embeddings.model",
        priority=10,
    ),
)


async def make_embedder(settings: Settings) -> Embedder | None:
    """What makes vectors; None to search without. Raises ``ConfigError``, ``EngineMissing``."""
    _, made = plugins.make("embedder", settings)
    return await made if inspect.isawaitable(made) else made

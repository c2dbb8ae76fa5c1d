"""The built-in embedders; ``vasi.plugins`` chooses among these and those that packages add."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vasi.config import Settings
from vasi.plugins import Candidate

if TYPE_CHECKING:
    from vasi.engines.embedder.endpoint import EndpointEmbedder
    from vasi.engines.embedder.local import LocalEmbedder

_INSTALL = "onnxruntime isn't installed: pip install 'vasi[local]'"


def _lacks_folder(settings: Settings) -> str | None:
    if not settings.embeddings.folder:
        return "Set embeddings.folder to the folder of a model."
    return None if find_spec("onnxruntime") else _INSTALL


async def _of_folder(settings: Settings) -> LocalEmbedder:
    return await asyncio.to_thread(_read_folder, settings.embeddings.folder or Path())


def _read_folder(folder: Path) -> LocalEmbedder:
    folder = folder.expanduser().absolute()
    from vasi.engines.embedder.local import LocalEmbedder
    from vasi.engines.embedder.manifest import read_manifest

    return LocalEmbedder(folder, read_manifest(folder))


def _lacks_endpoint(settings: Settings) -> str | None:
    embeddings = settings.embeddings
    if not embeddings.model:
        return "Set embeddings.model to the name of the model to ask for."
    # Whoever names it means OpenAI's own address; "auto" sends nothing there.
    named = settings.engines.embedder == "openai"
    return None if embeddings.base_url or named else "Set embeddings.base_url to the address of the server."


def _endpoint(settings: Settings) -> EndpointEmbedder:
    from vasi.engines.embedder.endpoint import EndpointEmbedder

    embeddings = settings.embeddings
    key = embeddings.api_key.get_secret_value() if embeddings.api_key else ""
    return EndpointEmbedder(str(embeddings.model), base_url=embeddings.base_url, api_key=key)


def _lacks_download(name: str) -> Callable[[Settings], str | None]:
    def lack(settings: Settings) -> str | None:
        from vasi.engines.models import folder

        if folder(settings, name) is None:
            return f"{name} isn't here: vasi download {name}"
        return None if find_spec("onnxruntime") else _INSTALL

    return lack


def _downloaded(name: str) -> Callable[[Settings], Awaitable[LocalEmbedder]]:
    async def make(settings: Settings) -> LocalEmbedder:
        from vasi.engines.embedder.local import LocalEmbedder
        from vasi.engines.embedder.manifest import catalogue_manifest
        from vasi.engines.models import folder
        from vasi.engines.models.folders import read_receipt

        place = folder(settings, name)
        assert place is not None, "chosen where it is"
        return LocalEmbedder(place, catalogue_manifest(name, read_receipt(place)))

    return make


EMBEDDERS = (
    Candidate(
        "embedder",
        "folder",
        _lacks_folder,
        _of_folder,
        "The model in embeddings.folder finds passages by meaning.",
        priority=30,
    ),
    Candidate(
        "embedder",
        "openai",
        _lacks_endpoint,
        _endpoint,
        "The OpenAI-compatible embeddings that are configured find passages by meaning.",
        priority=28,
    ),
    Candidate(
        "embedder",
        "multilingual-e5-small",
        _lacks_download("multilingual-e5-small"),
        _downloaded("multilingual-e5-small"),
        "E5 finds passages by meaning, also those in another language than the question.",
        priority=26,
    ),
    Candidate(
        "embedder",
        "minilm-l6",
        _lacks_download("minilm-l6"),
        _downloaded("minilm-l6"),
        "MiniLM finds English passages by meaning.",
        "E5, which finds passages in other languages than the question's: vasi download multilingual-e5-small",
        priority=24,
    ),
    Candidate(
        "embedder",
        "none",
        lambda _: None,
        lambda _: None,
        "Passages are found by their words and sounds.",
        "Search by meaning as well: vasi download minilm-l6 (English) or multilingual-e5-small (any language)",
        priority=10,
    ),
)

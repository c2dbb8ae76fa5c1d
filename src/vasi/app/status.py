"""What a server tells of itself: its version, engines, limits and personas, and which part is ready."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vasi import __version__, plugins
from vasi.backends.upstream.choice import choose
from vasi.config import Settings
from vasi.engines import choice
from vasi.engines.host import PartStatus
from vasi.engines.ports import Engines
from vasi.errors import ConfigError
from vasi.gateway.prompts import Prompts, StoredPrompt
from vasi.knowledge.parse.readers import DocumentReader
from vasi.notes import MOST_CHARACTERS
from vasi.plugins import Candidate, EngineReport, PluginReport
from vasi.storage.choice import StoreProvider
from vasi.tools.providers import ToolProvider

if TYPE_CHECKING:
    from vasi.web.api import Status

log = logging.getLogger(__name__)


def describe_engines(settings: Settings) -> list[EngineReport]:
    """Which engine does which part and why, for people. Raises ``ConfigError``."""
    search = plugins.report("embedder", settings)
    answering = choose(settings)
    report = EngineReport("backend", "local", answering.why, "")
    if answering.address is None:
        return [report, *choice.describe_engines(settings), search]
    report = EngineReport("backend", answering.address.kind, answering.why, answering.better)
    local = choice.describe_engines(settings) if settings.upstream.fallback else []
    return [report, *local, search]


def describe_plugins() -> list[PluginReport]:
    """What installed packages add to vasi, and what of them can't be used."""
    kinds: dict[str, type[plugins.Named]] = {
        plugins.ENGINES: Candidate,
        plugins.TOOLS: ToolProvider,
        plugins.READERS: DocumentReader,
        plugins.STORES: StoreProvider,
    }
    return plugins.describe((group, plugins.load(group, kind)) for group, kind in kinds.items())


def status(
    settings: Settings, *, backend: str, engines: Engines | None, parts: Mapping[str, PartStatus], interprets: bool
) -> Status:
    """What ``/api/status`` answers.

    Args:
        settings: what the server was started with.
        backend: what answers: "local" or the kind of the upstream service.
        engines: the built-in engines, if there are any.
        parts: how each part is.
        interprets: there is a model that can translate.
    """
    from vasi.web.api import EngineShown, Limits, PersonaShown, Status

    limits = settings.limits
    reports = describe_engines(settings)
    return Status(
        version=__version__,
        backend=backend,
        ready=all(part.state == "ready" for part in parts.values()),
        parts={name: part.state == "ready" for name, part in parts.items()},
        problems={name: part.problem for name, part in parts.items() if part.problem},
        engines=[EngineShown(part=one.part, name=one.engine, why=one.why, better=one.better) for one in reports],
        voices=list(engines.tts.voices()) if engines is not None else [],
        languages=[engines.stt.language] if engines is not None else [],
        interprets=interprets,
        limits=Limits(file_mb=limits.file_mb, pages=limits.pages, note_characters=MOST_CHARACTERS),
        personas=[
            PersonaShown(id=name, title=prompt.title or name, description=prompt.description)
            for name, prompt in _prompts(settings).items()
            if not prompt.versions[prompt.current].missing
        ],
    )


def _prompts(settings: Settings) -> dict[str, StoredPrompt]:
    try:
        return Prompts(settings.prompts_folder).listed()
    except ConfigError as error:
        log.warning("%s", error.message)
        return {}

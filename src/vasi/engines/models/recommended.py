"""What this machine should have, and what of it is missing."""

from __future__ import annotations

from collections.abc import Iterable

from vasi.config import Settings
from vasi.engines.models.catalogue import Machine, Model, catalogue
from vasi.engines.models.folders import folder
from vasi.engines.turn import weights

LANGUAGE = "en"
"""Of conversations, unless another one is asked for."""


def recommended(language: str = LANGUAGE) -> tuple[Model, ...]:
    """The models that this machine should have for conversations in ``language``."""
    return catalogue().recommended(language, Machine.here())


def missing(settings: Settings, models: Iterable[Model]) -> list[Model]:
    """Those of ``models`` that aren't here. Raises ``ConfigError``."""
    return [model for model in models if folder(settings, model.name) is None and not _kept_elsewhere(settings, model)]


def wanted(settings: Settings, language: str = LANGUAGE) -> list[Model]:
    """What is recommended and missing, of parts for which no other engine was chosen. Raises ``ConfigError``."""
    elsewhere = {
        "tts": settings.speech.base_url is not None,
        "embedder": settings.embeddings.base_url is not None or settings.embeddings.folder is not None,
    }
    open_parts = [model for model in recommended(language) if getattr(settings.engines, model.part) == "auto"]
    return missing(settings, [model for model in open_parts if not elsewhere.get(model.part)])


def _kept_elsewhere(settings: Settings, model: Model) -> bool:
    """Smart Turn's file may be configured, or lie where earlier versions put it."""
    return model.name == weights.MODEL and weights.find(settings) is not None

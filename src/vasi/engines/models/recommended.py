"""What this machine should have, and what of it is missing."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from vasi.config import Settings
from vasi.engines.models.catalogue import Machine, Model, Runtime, catalogue
from vasi.engines.models.folders import folder
from vasi.engines.turn import weights

_RUNTIMES: dict[Runtime, tuple[str, str]] = {
    "ctranslate2": ("ctranslate2", "vasi[local]"),
    "onnxruntime": ("onnxruntime", "vasi[local]"),
    "moonshine": ("moonshine_voice", "vasi[moonshine]"),
    "llama": ("xllamacpp", "vasi[llama]"),
}
"""The module that runs a model, and what it is installed with."""

_UNTOLD = "en"
"""The language of those who didn't say which they speak."""


def recommended(language: str) -> tuple[Model, ...]:
    """The models that this machine should have for conversations in ``language``, an ISO 639-1 code or "auto"."""
    return catalogue().recommended(_UNTOLD if language == "auto" else language, Machine.here())


def missing(settings: Settings, models: Iterable[Model]) -> list[Model]:
    """Those of ``models`` that aren't here. Raises ``ConfigError``."""
    return [model for model in models if folder(settings, model.name) is None and not _kept_elsewhere(settings, model)]


def lacks_runtime(model: Model) -> str | None:
    """What has to be installed before ``model`` can be used, as a sentence; None if nothing."""
    module, extra = _RUNTIMES[model.runtime]
    return None if find_spec(module) else f"{model.name} can be used after: pip install '{extra}'"


def wanted(settings: Settings) -> list[Model]:
    """What is recommended and missing, can be used, and is for a part for which no other engine was chosen.

    Raises:
        ConfigError: a setting is wrong.
    """
    elsewhere = {
        "tts": settings.speech.base_url is not None,
        "embedder": settings.embeddings.base_url is not None or settings.embeddings.folder is not None,
    }
    usable = [
        model
        for model in recommended(settings.language)
        if getattr(settings.engines, model.part) == "auto" and not elsewhere.get(model.part)
    ]
    return [model for model in missing(settings, usable) if lacks_runtime(model) is None]


def _kept_elsewhere(settings: Settings, model: Model) -> bool:
    """Smart Turn's file may be configured, or lie where earlier versions put it."""
    return model.name == weights.MODEL and weights.find(settings) is not None

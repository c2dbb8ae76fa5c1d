"""Whether the model in ``llm.gguf`` can be run here, and what to expect of it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vasi.config import Settings
from vasi.engines.models.catalogue import Machine, Model, catalogue
from vasi.engines.models.folders import folder
from vasi.errors import ConfigError

if TYPE_CHECKING:
    from vasi.engines.llm.llama import LlamaLlm

_SUFFIX = ".gguf"
_BESIDE = 1.3
"""Memory that a model needs, beside the size of its file."""


def lacks(settings: Settings) -> str | None:
    """What there lacks to run it.

    Raises:
        ConfigError: it's set and can't be run: nothing else should answer silently in its place.
    """
    if settings.llm.gguf is None:
        return "Set llm.gguf to a GGUF file, or to the name of a downloaded model such as qwen3-1.7b."
    lack = _lack(settings, settings.llm.gguf)
    if lack is not None and settings.engines.llm == "auto":
        raise ConfigError(f"llm.gguf is '{settings.llm.gguf}', but that can't be used. {lack}", param="llm.gguf")
    return lack


def caution(settings: Settings) -> str:
    """What this machine is too small for, in a sentence; "" if it isn't."""
    if settings.llm.gguf is None:
        return ""
    machine, known = Machine.here(), _known(settings.llm.gguf)
    if known is not None:
        if known.fits(machine):
            return ""
        needs = f"{known.name} needs {known.cores} processor cores and {known.memory_mb / 1000:g} GB of memory"
        has = f"this machine has {machine.cores} and {machine.memory_mb / 1000:.1f} GB"
        return f"{needs}, {has}: answers will be slow in coming."
    path = _path(settings.llm.gguf)
    wanted = path.stat().st_size * _BESIDE / 1e6 if path.is_file() else 0
    if wanted <= machine.memory_mb:
        return ""
    return f"It needs about {wanted / 1000:.1f} GB of memory, but this machine has {machine.memory_mb / 1000:.1f} GB."


def make(settings: Settings) -> LlamaLlm:
    """The engine for it."""
    from vasi.engines.llm.llama import LlamaLlm

    given = str(settings.llm.gguf)
    known = _known(given)
    file = _path(given) if known is None else _downloaded(settings, known)
    assert file is not None, "chosen where it is"
    return LlamaLlm(file, file.stem if known is None else known.name, context=settings.llm.gguf_context)


def _lack(settings: Settings, given: str) -> str | None:
    if find_spec("xllamacpp") is None:
        return "xllamacpp isn't installed: pip install 'vasi[llama]'"
    known = _known(given)
    if known is not None:
        return None if _downloaded(settings, known) else f"{given} isn't here: vasi download {given}"
    return None if _path(given).is_file() else f"There is no file {_path(given)}."


def _known(given: str) -> Model | None:
    """The model of the catalogue; None for a file. Raises ``ConfigError`` for what is neither."""
    if given.lower().endswith(_SUFFIX) or "/" in given or "\\" in given:
        return None
    model = catalogue().get(given)
    if model.part != "llm":
        raise ConfigError(f"llm.gguf is '{given}', which is no language model.", param="llm.gguf")
    return model


def _path(given: str) -> Path:
    return Path(given).expanduser().absolute()


def _downloaded(settings: Settings, model: Model) -> Path | None:
    place = folder(settings, model.name)
    return None if place is None else place / next(file.path for file in model.files if file.path.endswith(_SUFFIX))

"""The catalogue of models: ``models.toml``, read once and checked."""

from __future__ import annotations

import difflib
import functools
import os
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal, TypeAlias

import msgspec

from vasi.engines.models.sources import Address, Packed, Source, parse_mirror
from vasi.errors import ConfigError

Part: TypeAlias = Literal["stt", "tts", "turn", "embedder", "llm"]
"""What a model does, as the engine settings call it; these have what a conversation needs first at the front."""
PARTS: tuple[Part, ...] = ("stt", "tts", "turn", "embedder", "llm")
Runtime: TypeAlias = Literal["ctranslate2", "onnxruntime", "moonshine", "llama"]
"""What runs a model."""
ANY = "*"
"""Among a model's languages: about a hundred of them, all that the app has."""

_NAME = re.compile(r"[a-z0-9][A-Za-z0-9_.-]{0,63}")
_PATH = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}|\*")


class Export(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One content that a file may have.

    Attributes:
        bytes: how long it is.
        sha256: its SHA-256, in lower-case hexadecimal: what it's recognised by, wherever it came from.
        url: a pinned address; "" if there is none.
        mirrors: further addresses, or members of packages (``vasi.engines.models.sources``).
    """

    bytes: int
    sha256: str
    url: str = ""
    mirrors: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where it comes from, best first."""
        first: tuple[Source, ...] = (Address(self.url),) if self.url else ()
        return first + tuple(parse_mirror(mirror) for mirror in self.mirrors)


class ModelFile(Export, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of a model.

    Attributes:
        path: where it lies in the model's folder, with "/" between folders.
        exports: other files made of the same weights, any of which serves as well.
    """

    path: str
    exports: tuple[Export, ...] = ()

    @property
    def contents(self) -> tuple[Export, ...]:
        """All that it may hold, best first."""
        return (self, *self.exports)


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model that can be downloaded.

    Attributes:
        name: what ``vasi download`` and the folder call it.
        about: what it does, in a sentence.
        part: the part of a conversation that it does.
        runtime: what runs it.
        languages: ISO 639-1 codes of what it understands or speaks; ``ANY`` for about a hundred.
        licence: its name (an SPDX identifier where there is one).
        licence_url: where it's written.
        cores: of a processor, at least, for a conversation without waiting.
        memory_mb: of the machine, at least.
        files: what it consists of.
        recommended: languages for which a machine should have it; ``ANY``: those for which no other of its part is.
    """

    name: str
    about: str
    part: Part
    runtime: Runtime
    languages: tuple[str, ...]
    licence: str
    licence_url: str
    cores: int
    memory_mb: int
    files: tuple[ModelFile, ...]
    recommended: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(file.bytes for file in self.files)

    def knows(self, language: str) -> bool:
        """Whether it understands or speaks ``language``, an ISO 639-1 code."""
        return language in self.languages or ANY in self.languages

    def fits(self, machine: Machine) -> bool:
        """Whether ``machine`` is large enough for it."""
        return self.cores <= machine.cores and self.memory_mb <= machine.memory_mb


class Machine(msgspec.Struct, frozen=True):
    """What a computer has: processor cores that this process may use, and memory in MB."""

    cores: int
    memory_mb: int

    @classmethod
    def here(cls) -> Machine:
        """This one; where its memory isn't told, it's taken to be enough."""
        try:
            cores = len(os.sched_getaffinity(0))
        except AttributeError:  # macOS and Windows
            cores = os.cpu_count() or 1
        try:
            memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
        except (AttributeError, ValueError, OSError):  # Windows
            memory = 1_000_000
        return cls(cores, memory)


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All models, in the order in which they are shown."""

    models: tuple[Model, ...]

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def get(self, name: str) -> Model:
        """The model of that name. Raises ``ConfigError``, which names the one that may have been meant."""
        for model in self.models:
            if model.name == name:
                return model
        names = [model.name for model in self.models]
        near = difflib.get_close_matches(name.lower(), [known.lower() for known in names], 1, 0.5)
        meant = next((known for known in names if near and known.lower() == near[0]), None)
        hint = f"Did you mean {meant}?" if meant else f"There are {', '.join(names)}."
        raise ConfigError(f"There is no model '{name}'. {hint}", param=name, code="unknown_model")

    def recommended(self, language: str, machine: Machine) -> tuple[Model, ...]:
        """What ``machine`` should have for conversations in ``language``: at most one model for each part."""
        chosen: list[Model] = []
        for part in PARTS:
            named = [model for model in self.models if model.part == part and language in model.recommended]
            general = [
                model
                for model in self.models
                if model.part == part and ANY in model.recommended and model.knows(language)
            ]
            chosen += [model for model in (named or general) if model.fits(machine)][:1]
        return tuple(chosen)


@functools.cache
def catalogue() -> Catalogue:
    """The models of this version of vasi."""
    return read_catalogue(files("vasi.engines.models").joinpath("models.toml").read_bytes())


def read_catalogue(toml: bytes) -> Catalogue:
    """The catalogue in ``toml``. Raises ``ValueError``, which says what is wrong with it."""
    read = msgspec.toml.decode(toml, type=Catalogue)
    faults = list(_faults(read))
    if faults:
        raise ValueError(f"the catalogue of models is wrong: {'; '.join(faults)}")
    return read


def _faults(read: Catalogue) -> Iterator[str]:
    names = [model.name.lower() for model in read.models]
    for model in read.models:
        what = f"model '{model.name}'"
        if not _NAME.fullmatch(model.name):
            yield f"{what} has a name that can't be one of a folder"
        if names.count(model.name.lower()) > 1:
            yield f"{what} is there twice"
        if not (model.about and model.licence and model.licence_url.startswith("https://")):
            yield f"{what} lacks a description, a licence or the licence's address"
        if not model.languages or not all(_LANGUAGE.fullmatch(each) for each in model.languages + model.recommended):
            yield f"{what} has no languages, or other codes than those of ISO 639"
        if not all(model.knows(language) for language in model.recommended if language != ANY):
            yield f"{what} is recommended for a language that it doesn't know"
        if model.cores < 1 or model.memory_mb < 1 or not model.files:
            yield f"{what} lacks files, cores or memory"
        paths = [file.path for file in model.files]
        if len(set(paths)) < len(paths):
            yield f"{what} has a file twice"
        for file in model.files:
            yield from _file_faults(f"file {file.path} of {what}", file)


def _file_faults(what: str, file: ModelFile) -> Iterator[str]:
    if not _PATH.fullmatch(file.path) or any(part.startswith(".") for part in file.path.split("/")):
        yield f"{what} has a path that isn't allowed"
    for content in file.contents:
        if content.bytes < 1 or not _SHA256.fullmatch(content.sha256):
            yield f"{what} lacks a size or a SHA-256"
        try:
            sources = content.sources
        except ValueError as error:
            yield f"{what}: {error}"
            continue
        if not sources:
            yield f"{what} comes from nowhere"
        for source in sources:
            if isinstance(source, Address) and not source.pinned:
                yield f"{what} has an address that isn't pinned to a revision: {source.url}"
            if isinstance(source, Packed) and not source.members:
                yield f"{what} has an empty mirror"

"""Engines, tools, readers and stores: what vasi brings itself and what installed packages add, registered alike.

A package adds to vasi with an entry point in one of the ``GROUPS``. It names an object of the type that the group
takes, or a tuple of several; ``BUILT_IN`` names vasi's own the same way, and both are loaded by the same code. What
can't be loaded is a ``Failure``: it's logged once and ``vasi doctor`` shows it, and everything else goes on without.

Importing this costs next to nothing, since child processes do so too.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from vasi.errors import ConfigError, VasiError

if TYPE_CHECKING:
    from vasi.config import Settings

log = logging.getLogger(__name__)

ENGINES, TOOLS, READERS, STORES = GROUPS = ("vasi.engines", "vasi.tools", "vasi.readers", "vasi.stores")
"""The groups of entry points."""

BUILT_IN: dict[str, dict[str, str]] = {
    ENGINES: {
        "vad": "vasi.engines.choice:VAD",
        "turn": "vasi.engines.choice:TURN",
        "stt": "vasi.engines.choice:STT",
        "llm": "vasi.engines.choice:LLM",
        "tts": "vasi.engines.choice:TTS",
        "embedder": "vasi.engines.embedder.choice:EMBEDDERS",
        "basic": "vasi.engines.basic.candidates:CANDIDATES",
    },
    TOOLS: {"built-in": "vasi.tools.built_in:PROVIDERS"},
    READERS: {"documents": "vasi.knowledge.parse.readers:BUILT_IN"},
    STORES: {
        "sqlite": "vasi.storage.sqlite.provider:PROVIDER",
        "postgresql": "vasi.storage.postgres.provider:PROVIDER",
    },
}
"""vasi's own, by group: a name and what it is loaded from, as an entry point has it."""

BEARABLE = 3
"""How many times over its budget an engine may be before "auto" takes one that is far worse but has none."""
PARTS = ("vad", "turn", "stt", "llm", "tts", "embedder")
"""The parts that an engine can do."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One engine for a part: what the group ``vasi.engines`` takes.

    Attributes:
        part: which of ``PARTS`` it does.
        name: what settings call it.
        lacks: what it lacks to be used with these settings, as a sentence with the remedy; None if nothing.
        make: makes it; what it makes may have to be awaited.
        why: what it is, in a sentence.
        better: what would be better and how to get it; "" if it's the best.
        priority: "auto" takes the usable one with the highest. Built-in engines have 10 to 30.
        images: a model that can be shown images.
        budget_s: seconds that its share of a turn may take, for "auto" to take it; None if it's always fast enough.
        seconds: what that takes on this machine, measured or believed; None where it's believed to be little.
        caution: what to expect of it on this machine with these settings, as a sentence; "" for nothing out of the way.
        forget_words: deletes what it keeps on disk of other texts of an owner than those that it's given; None if it
            keeps nothing.
    """

    part: str
    name: str
    lacks: Callable[[Settings], str | None]
    make: Callable[[Settings], Any]
    why: str
    better: str = ""
    priority: int = 50
    images: bool = False
    budget_s: float | None = None
    seconds: Callable[[Settings], float | None] = lambda _: None
    caution: Callable[[Settings], str] = lambda _: ""
    forget_words: Callable[[Settings, str, Sequence[str]], None] | None = None

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise ValueError(f"there is no part '{self.part}' for an engine to do, only {', '.join(PARTS)}")


class Named(Protocol):
    """Whatever a group takes has a name."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T]):
    """Something that was loaded; ``package`` is the distribution with its version, "" for what is built in."""

    value: T
    package: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An entry point that adds nothing, and why, in half a sentence."""

    group: str
    name: str
    package: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a group holds: vasi's own first, then that of packages by name."""

    plugins: tuple[Plugin[T], ...]
    failures: tuple[Failure, ...]

    def __iter__(self) -> Iterator[T]:
        return (plugin.value for plugin in self.plugins)


def load(group: str, kind: type[T]) -> Loaded[T]:
    """Everything of ``group``, whose objects are of the type ``kind``; loaded once in a process."""
    return cast("Loaded[T]", _load(group, kind))


def forget() -> None:
    """Load everything anew when it's next asked for: packages came or went."""
    _load.cache_clear()


@functools.cache
def _load(group: str, kind: type[Any]) -> Loaded[Any]:
    plugins: list[Plugin[Any]] = []
    failures: list[Failure] = []
    taken: dict[tuple[str, str], str] = {}
    own = [(EntryPoint(name, value, group), "") for name, value in BUILT_IN[group].items()]
    for entry, package in [*own, *_installed(group, failures)]:
        try:
            values = _values(entry.load(), kind)
            for value in values:
                key = (getattr(value, "part", ""), value.name)
                if key in taken:
                    raise ValueError(f"the name '{value.name}' is taken by {taken[key] or 'vasi itself'}")
        # A package may do anything when it is imported, and nothing of it may stop the server.
        except (Exception, SystemExit) as error:
            if not package:
                raise
            failures.append(Failure(group, entry.name, package, _reason(error)))
            log.warning("The plug-in %s of %s can't be used: %s.", entry.name, package, _reason(error), exc_info=error)
            continue
        taken |= {(getattr(value, "part", ""), value.name): package for value in values}
        plugins += [Plugin(value, package) for value in values]
    return Loaded(tuple(plugins), tuple(failures))


def _installed(group: str, failures: list[Failure]) -> list[tuple[EntryPoint, str]]:
    try:
        found = sorted(entry_points(group=group), key=lambda entry: entry.name)
        return [(entry, f"{entry.dist.name} {entry.dist.version}" if entry.dist else "a package") for entry in found]
    except Exception as error:  # damaged metadata of any package
        failures.append(Failure(group, "", "an installed package", f"its metadata is damaged ({_reason(error)})"))
        log.warning("The plug-ins of %s can't be listed.", group, exc_info=error)
        return []


def _values(loaded: object, kind: type[Any]) -> tuple[Any, ...]:
    values: tuple[object, ...] = loaded if isinstance(loaded, tuple) else (loaded,)  # pyright: ignore[reportUnknownVariableType]
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"it is a {type(value).__name__}, but a {kind.__name__} is needed")
    return values


def _reason(error: BaseException) -> str:
    text = error.message if isinstance(error, VasiError) else str(error)
    said = " ".join(text.split()).rstrip(".")
    if said and isinstance(error, ValueError | TypeError | VasiError):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


@dataclass(frozen=True, slots=True)
class PluginReport:
    """What ``vasi doctor`` shows of a package's entry point; ``problem`` is "" if it works."""

    package: str
    group: str
    name: str
    problem: str


def describe(loaded: Iterable[tuple[str, Loaded[Any]]]) -> list[PluginReport]:
    """What packages add, and what of them can't be used, by group."""
    reports: list[PluginReport] = []
    for group, one in loaded:
        reports += [PluginReport(p.package, group, p.value.name, "") for p in one.plugins if p.package]
        reports += [PluginReport(f.package, group, f.name, f.reason) for f in one.failures]
    return reports


# --- engines --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EngineReport:
    """What ``vasi doctor`` shows of one part; ``engine`` is None if nothing can do it.

    ``seconds`` are what its share of a turn takes on this machine; None if that wasn't measured.
    """

    part: str
    engine: str | None
    why: str
    better: str
    seconds: float | None = None


def candidates(part: str) -> Sequence[Candidate]:
    """The engines for ``part``, those first that "auto" prefers."""
    found = [one for one in load(ENGINES, Candidate) if one.part == part]
    return sorted(found, key=lambda one: -one.priority)  # of equals, vasi's own first


def choose(part: str, settings: Settings, without: Collection[str] = ()) -> Candidate | None:
    """The engine for ``part``; None if "auto" finds none, apart from those named ``without``.

    Raises:
        ConfigError: the settings name an engine that doesn't exist or lacks something.
    """
    requested: str = getattr(settings.engines, part)
    known = candidates(part)
    if requested == "auto":
        return _first_fit(known, settings, without)
    named = next((candidate for candidate in known if candidate.name == requested), None)
    param = f"engines.{part}"
    if named is None:
        names = ", ".join(candidate.name for candidate in known)
        raise ConfigError(f"{param} is '{requested}', but there are only: auto, {names}.", param=param)
    lack = lack_of(named, settings)
    if lack is not None:
        raise ConfigError(f"{param} is '{requested}', but that can't be used. {lack}", param=param)
    return named


def _first_fit(known: Sequence[Candidate], settings: Settings, without: Collection[str]) -> Candidate | None:
    """The best that is fast enough here; of those that are all too slow the least so, rather than one far worse."""
    slow: list[tuple[float, Candidate]] = []
    for candidate in known:
        if candidate.name in without or lack_of(candidate, settings) is not None:
            continue
        if candidate.budget_s is None:
            break
        load = (candidate.seconds(settings) or 0) / candidate.budget_s
        if load <= 1:
            return candidate
        slow.append((load, candidate))
    else:
        candidate = None
    bearable = [one for one in slow if one[0] <= BEARABLE]
    if bearable:
        return min(bearable, key=lambda one: one[0])[1]
    return candidate or (slow[0][1] if slow else None)


def lacks(part: str, settings: Settings) -> str:
    """What all engines for ``part`` lack."""
    return " ".join(filter(None, (lack_of(candidate, settings) for candidate in candidates(part))))


def report(part: str, settings: Settings) -> EngineReport:
    """The choice for ``part``, for people. Raises ``ConfigError``."""
    candidate = choose(part, settings)
    if candidate is None:
        return EngineReport(part, None, lacks(part, settings), "")
    why = f"{candidate.why} {candidate.caution(settings)}".rstrip()
    return EngineReport(part, candidate.name, why, candidate.better, candidate.seconds(settings))


def lack_of(candidate: Candidate, settings: Settings) -> str | None:
    """What ``candidate`` lacks; one that can't even say so lacks that."""
    try:
        return candidate.lacks(settings)
    except VasiError:
        raise
    except Exception as error:
        log.warning("The engine '%s' can't tell whether it can be used.", candidate.name, exc_info=error)
        return f"The engine '{candidate.name}' failed ({_reason(error)})."


def make(part: str, settings: Settings) -> tuple[Candidate | None, Any]:
    """The engine for ``part`` and what it's called; what it made may have to be awaited. None twice if there is none.

    Raises:
        ConfigError: the settings name an engine that can't be used, or contradict what is there.
        EngineMissing: what an engine needs isn't there.
    """
    failed: set[str] = set()
    while True:
        candidate = choose(part, settings, without=failed)
        if candidate is None:
            return None, None
        try:
            return candidate, candidate.make(settings)
        except VasiError:
            raise
        except Exception as error:
            log.exception("The engine '%s' could not be made.", candidate.name)
            if getattr(settings.engines, part) != "auto":
                text = f"engines.{part} is '{candidate.name}', but that can't be used. It failed ({_reason(error)})."
                raise ConfigError(text, param=f"engines.{part}") from error
            failed.add(candidate.name)

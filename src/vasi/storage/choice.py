"""Which store keeps everything: the built-in one or one that a package adds (``vasi.plugins``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vasi import plugins
from vasi.config import Settings
from vasi.errors import ConfigError
from vasi.storage.ports import Store
from vasi.storage.terms import Analyser


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What ``vasi doctor`` shows of a store.

    Attributes:
        place: where it is, without a password.
        facts: what it is and how it's reached, a sentence each.
        problems: what keeps it from being used, or should be otherwise, each with the remedy.
    """

    place: str
    facts: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreProvider:
    """What makes a store: what the group ``vasi.stores`` takes.

    Attributes:
        name: what the setting ``store`` calls it.
        make: a store that isn't open yet, of the settings, what makes the terms of passages, and what is to be called
            after every change that it made.
        schemes: those of addresses that the setting may be instead of ``name``.
        examine: looks whether the store can be used, without changing it; None if there's nothing to look at.
    """

    name: str
    make: Callable[[Settings, Analyser, Callable[[], None]], Store]
    schemes: tuple[str, ...] = ()
    examine: Callable[[Settings], Awaitable[StoreReport]] | None = None


def make_store(settings: Settings, analyser: Analyser, changed: Callable[[], None]) -> Store:
    """The store that the settings name, not open yet.

    Raises:
        ConfigError: there is none of that name.
    """
    return _provider(settings).make(settings, analyser, changed)


def shown_place(settings: Settings) -> str:
    """Where the store of the settings is, for people: a path, or an address without user and password."""
    _, separator, place = settings.store.partition("://")
    if not separator:
        return str(settings.database)
    return place.rpartition("@")[2].partition("?")[0]


async def examine_store(settings: Settings) -> StoreReport:
    """Whether the store can be used, for people. Raises ``ConfigError``."""
    provider = _provider(settings)
    return StoreReport(shown_place(settings)) if provider.examine is None else await provider.examine(settings)


def _provider(settings: Settings) -> StoreProvider:
    providers = list(plugins.load(plugins.STORES, StoreProvider))
    scheme, separator, _ = settings.store.partition("://")
    for provider in providers:
        if scheme in provider.schemes if separator else settings.store == provider.name and not provider.schemes:
            return provider
    names = ", ".join(f"{provider.schemes[0]}://…" if provider.schemes else provider.name for provider in providers)
    named = f"{scheme}://…" if separator else settings.store  # an address may hold a password
    raise ConfigError(f"store is '{named}', but there are only: {names}.", param="store")

"""Which store keeps everything: the built-in one or one that a package adds (``vasi.plugins``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vasi import plugins
from vasi.config import Settings
from vasi.errors import ConfigError
from vasi.storage.ports import Store
from vasi.storage.terms import Analyser


@dataclass(frozen=True, slots=True)
class StoreProvider:
    """What makes a store: what the group ``vasi.stores`` takes.

    Attributes:
        name: what the setting ``store`` calls it.
        make: a store that isn't open yet, of the settings, what makes the terms of passages, and what is to be called
            after every change that it made.
    """

    name: str
    make: Callable[[Settings, Analyser, Callable[[], None]], Store]


def make_store(settings: Settings, analyser: Analyser, changed: Callable[[], None]) -> Store:
    """The store that the settings name, not open yet.

    Raises:
        ConfigError: there is none of that name.
    """
    providers = {provider.name: provider for provider in plugins.load(plugins.STORES, StoreProvider)}
    provider = providers.get(settings.store)
    if provider is None:
        names = ", ".join(providers)
        raise ConfigError(f"store is '{settings.store}', but there are only: {names}.", param="store")
    return provider.make(settings, analyser, changed)

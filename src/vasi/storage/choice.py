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
        schemes: those of addresses that the setting may be instead of ``name``.
    """

    name: str
    make: Callable[[Settings, Analyser, Callable[[], None]], Store]
    schemes: tuple[str, ...] = ()


def make_store(settings: Settings, analyser: Analyser, changed: Callable[[], None]) -> Store:
    """The store that the settings name, not open yet.

    Raises:
        ConfigError: there is none of that name.
    """
    providers = list(plugins.load(plugins.STORES, StoreProvider))
    scheme, separator, _ = settings.store.partition("://")
    for provider in providers:
        if scheme in provider.schemes if separator else settings.store == provider.name and not provider.schemes:
            return provider.make(settings, analyser, changed)
    names = ", ".join(f"{provider.schemes[0]}://…" if provider.schemes else provider.name for provider in providers)
    named = f"{scheme}://…" if separator else settings.store  # an address may hold a password
    raise ConfigError(f"store is '{named}', but there are only: {names}.", param="store")

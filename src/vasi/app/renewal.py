"""Engines and embedder chosen anew when models come, whoever brought them: nothing is fetched here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import TypeAlias

from vasi import plugins
from vasi.app.engines import EngineLifecycle, make_embedder
from vasi.config import Settings
from vasi.engines import speed
from vasi.engines.choice import SPOKEN_PARTS, make_engines
from vasi.engines.models import folders
from vasi.errors import ConfigError, VasiError
from vasi.knowledge import Knowledge

log = logging.getLogger(__name__)

WATCH_S = 10.0
"""How often to look whether models came or went."""
_EMBEDDER = "embedder"
_Choice: TypeAlias = tuple[str | None, tuple[str, ...]]
"""Which engine does a part, and which models there are for it."""


class EngineRenewal:
    """Gives new sessions and searches what can be had by then.

    Args:
        settings: what everything is chosen by.
        lifecycle: the engines that run.
        knowledge: searches with the embedder.
        renewed: called when other engines may be in use, or their speed is known.
    """

    def __init__(
        self, settings: Settings, lifecycle: EngineLifecycle, knowledge: Knowledge, renewed: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._lifecycle = lifecycle
        self._knowledge = knowledge
        self._renewed = renewed
        self._one_at_a_time = asyncio.Lock()
        self._chosen = {part: self._choice(part) for part in plugins.PARTS}
        self._seen = self._stamp()

    async def renew(self) -> Collection[str]:
        """Replace what would be chosen otherwise now; returns the parts of which that is so.

        What runs already goes on for those who use it. What nobody would choose otherwise stays as it is.

        Raises:
            VasiError: something can't be started; what was there in its place goes on.
        """
        async with self._one_at_a_time:
            now = await asyncio.to_thread(lambda: {part: self._choice(part) for part in plugins.PARTS})
            changed = {part for part in plugins.PARTS if now[part] != self._chosen[part]}
            if _EMBEDDER in changed:
                await self._knowledge.use_embedder(await make_embedder(self._settings))
                self._chosen[_EMBEDDER] = now[_EMBEDDER]
            spoken = changed.intersection(SPOKEN_PARTS)
            if spoken and self._lifecycle.engines is not None:
                await self._lifecycle.replace(await asyncio.to_thread(make_engines, self._settings))
            self._chosen.update({part: now[part] for part in spoken})
            await asyncio.to_thread(self._renewed)
            return changed

    async def watch(self) -> None:
        """Renew whenever models came or went, in any process; runs until cancelled."""
        while True:
            await asyncio.sleep(WATCH_S)
            now = await asyncio.to_thread(self._stamp)
            if now == self._seen:
                continue
            self._seen = now
            try:
                changed = await self.renew()
            except VasiError as error:
                log.warning("Models came or went, but what is there can't be used yet: %s", error.message)
            except Exception:
                log.exception("Models came or went, but what is there can't be used.")
            else:
                if changed:
                    log.info("Models came or went: new conversations and searches use what is there.")

    def _choice(self, part: str) -> _Choice:
        try:
            candidate = plugins.choose(part, self._settings)
        except ConfigError:  # told where it's made
            candidate = None
        return (None if candidate is None else candidate.name, folders.installed(self._settings, part))

    def _stamp(self) -> object:
        return folders.stamp(self._settings), speed.stamp(self._settings)

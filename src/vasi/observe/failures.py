"""Failures that nobody foresaw: each gets an id, which the client, the log and the observer are told."""

from __future__ import annotations

import logging

from vasi.observe.observer import UNOBSERVED, SessionObserver


class Failures:
    """Those of one session.

    Args:
        seed: goes into the ids; unique among sessions.
        log: of whoever reports them.
        observer: notified of each.
    """

    def __init__(self, seed: str, log: logging.Logger, observer: SessionObserver = UNOBSERVED) -> None:
        self._seed = seed
        self._log = log
        self._observer = observer
        self._count = 0

    def foreseen(self, part: str, error: BaseException) -> None:
        """``part`` failed with an error that tells the client what to do."""
        self._observer.failed(self._new_id(), part, error)

    def unforeseen(self, part: str, name: str, error: BaseException) -> str:
        """``part``, called ``name`` in texts, failed with an error that no client shall see; returns what it's told."""
        error_id = self._new_id()
        self._log.error("%s failed (%s).", name, error_id, exc_info=error)
        self._observer.failed(error_id, part, error)
        return f"{name} failed; see {error_id} in the server's log."

    def _new_id(self) -> str:
        self._count += 1
        return f"err_{self._seed}{self._count:02x}"

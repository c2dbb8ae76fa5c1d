"""The conversation as the client sees it: some of the backend's items hidden, some items that the backend doesn't know.

Positions are told by the item before. Items of the gateway's own stand behind an item of the backend, and what the
backend appends comes behind them.
"""

from __future__ import annotations


class ItemOrder:
    """All items, in order."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._hidden: set[str] = set()
        self._own: set[str] = set()

    def __contains__(self, wanted: object) -> bool:
        """Whether the client sees it."""
        return wanted in self._order and wanted not in self._hidden

    def is_hidden(self, wanted: object) -> bool:
        return wanted in self._hidden

    def hide(self, wanted: str) -> None:
        """The client doesn't see this item of the backend, which may still have to come."""
        self._hidden.add(wanted)

    def added(self, wanted: str, previous: str | None, exactly: str | None = None) -> None:
        """The backend has an item, behind ``previous`` of its own; harmless when repeated.

        Args:
            wanted: the item.
            previous: the item of the backend before it; None: at the front.
            exactly: behind which item the client wants it ("root": at the front), if it said so.
        """
        if wanted in self._order:
            return
        if exactly == "root":
            place = 0
        elif exactly in self._order:
            place = self._order.index(exactly) + 1
        else:
            place = self._place_behind(previous)
        self._order.insert(place, wanted)

    def place(self, wanted: str, after: str | None = None) -> None:
        """Put an item of the gateway's own behind ``after`` ("root": at the front; None: at the end)."""
        self._own.add(wanted)
        match after:
            case None:
                self._order.append(wanted)
            case "root":
                self._order.insert(0, wanted)
            case _:
                self._order.insert(self._order.index(after) + 1, wanted)

    def removed(self, wanted: str) -> bool:
        """An item is gone; tells whether it was hidden."""
        if wanted in self._order:
            self._order.remove(wanted)
        self._own.discard(wanted)
        if wanted not in self._hidden:
            return False
        self._hidden.discard(wanted)
        return True

    def before(self, wanted: str) -> str | None:
        """What the client sees before ``wanted``."""
        return self._seen_before(self._order.index(wanted))

    def before_next(self, previous: str | None) -> str | None:
        """What the client will see before an item that the backend is to have behind ``previous``."""
        return self._seen_before(self._place_behind(previous))

    def for_backend(self, previous: str) -> str:
        """Where the backend has to put what the client wants behind ``previous``: behind that item, or "root"."""
        known = self._order[: self._order.index(previous) + 1]
        return next((item for item in reversed(known) if item not in self._own), "root")

    def is_followed_by_own(self, previous: str) -> bool:
        """An item of the gateway's own stands right behind ``previous`` ("root": at the front)."""
        place = 0 if previous == "root" else self._order.index(previous) + 1
        return place < len(self._order) and self._order[place] in self._own

    def _place_behind(self, previous: str | None) -> int:
        if self._order and self._order[-1] == previous:
            return len(self._order)
        place = self._order.index(previous) + 1 if previous in self._order else 0
        while place < len(self._order) and self._order[place] in self._own:
            place += 1
        return place

    def _seen_before(self, place: int) -> str | None:
        return next((item for item in reversed(self._order[:place]) if item not in self._hidden), None)

"""Which items of the backend's conversation the client doesn't see, and what it sees before an item."""

from __future__ import annotations


class HiddenItems:
    """The ids of hidden items, and the order of all items."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._hidden: set[str] = set()

    def __contains__(self, wanted: object) -> bool:
        return wanted in self._hidden

    def hide(self, wanted: str) -> None:
        """This item, which may still have to come, is nobody's business."""
        self._hidden.add(wanted)

    def added(self, wanted: str, previous: str | None) -> None:
        """An item came behind ``previous``; None: at the front. Harmless when repeated."""
        if wanted not in self._order:
            place = self._order.index(previous) + 1 if previous in self._order else 0
            self._order.insert(place, wanted)

    def deleted(self, wanted: str) -> bool:
        """An item is gone; tells whether it was hidden."""
        if wanted in self._order:
            self._order.remove(wanted)
        if wanted not in self._hidden:
            return False
        self._hidden.discard(wanted)
        return True

    def visible(self, wanted: str | None) -> str | None:
        """``wanted``, or the nearest item before it that the client sees."""
        if wanted not in self._hidden:
            return wanted
        before = self._order[: self._order.index(wanted)] if wanted in self._order else []
        return next((item for item in reversed(before) if item not in self._hidden), None)

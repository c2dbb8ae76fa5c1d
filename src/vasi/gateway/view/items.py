"""The conversation's items in the order that the client knows.

The backend has items that the client doesn't see, and the client sees items that the backend doesn't know. A position
is given by the item before. Items of the view's own stand behind an item of the backend, and what the backend appends
comes behind them. The record keeps what the backend has, but for the hidden calls of the server's own tools.
"""

from __future__ import annotations

from vasi.protocol.items import item_id
from vasi.protocol.mcp import HostedItem

MAX_PLACES = 1024
"""Items that may be on their way to a place which only the client knows."""


class Items:
    """All items of one conversation."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._hidden: set[str] = set()
        self._unrecorded: set[str] = set()
        self._own: dict[str, HostedItem] = {}
        self._places: dict[str, str] = {}
        """Items on their way to the backend that the client wants exactly behind another."""

    # --- questions --------------------------------------------------------------------------------------------------
    def __contains__(self, wanted: object) -> bool:
        """Whether the client sees it."""
        return wanted in self._order and wanted not in self._hidden

    def is_hidden(self, wanted: object) -> bool:
        return wanted in self._hidden

    def is_recorded(self, wanted: str) -> bool:
        """Whether the record keeps this item of the backend."""
        return wanted not in self._unrecorded

    def own(self, wanted: str) -> HostedItem | None:
        """The item of the view's own with this id."""
        return self._own.get(wanted)

    def before(self, wanted: str) -> str | None:
        """What the client sees before ``wanted``, which it sees too."""
        return self._last_shown(self._order.index(wanted))

    def before_next(self, previous: str | None) -> str | None:
        """What the client will see before an item that the backend is to have behind ``previous``."""
        return self._last_shown(self._place_behind(previous))

    def recorded_before(self, previous: str | None) -> str | None:
        """``previous`` of the backend, or the nearest item before it that the record keeps."""
        if previous is None or previous not in self._unrecorded:
            return previous
        before = self._order[: self._order.index(previous)] if previous in self._order else []
        kept = (item for item in reversed(before) if item not in self._unrecorded and item not in self._own)
        return next(kept, None)

    def in_backend(self) -> list[str]:
        """Ids of all items that the backend has, hidden ones too, in their order."""
        return [wanted for wanted in self._order if wanted not in self._own]

    # --- changes ----------------------------------------------------------------------------------------------------
    def hide(self, wanted: str, *, recorded: bool = False) -> None:
        """The client doesn't see this item of the backend, which may still have to come."""
        self._hidden.add(wanted)
        if not recorded:
            self._unrecorded.add(wanted)

    def add(self, wanted: str, previous: str | None) -> None:
        """The backend has an item, behind ``previous`` of its own (None: at the front); harmless when repeated."""
        exactly = self._places.pop(wanted, None)
        if wanted in self._order:
            return
        if exactly == "root":
            place = 0
        elif exactly in self._order:
            place = self._order.index(exactly) + 1
        else:
            place = self._place_behind(previous)
        self._order.insert(place, wanted)

    def put(self, item: HostedItem, after: str | None = None) -> str | None:
        """Put an item of the view's own behind ``after`` ("root": at the front; None: at the end).

        Returns:
            What the client sees before it.
        """
        wanted = item_id(item)
        self._own[wanted] = item
        match after:
            case None:
                self._order.append(wanted)
            case "root":
                self._order.insert(0, wanted)
            case _:
                self._order.insert(self._order.index(after) + 1, wanted)
        return self.before(wanted)

    def change(self, item: HostedItem) -> bool:
        """An item of the view's own reads so now; False if it was deleted."""
        if item_id(item) not in self._own:
            return False
        self._own[item_id(item)] = item
        return True

    def remove(self, wanted: str) -> None:
        """An item is gone."""
        if wanted in self._order:
            self._order.remove(wanted)
        self._own.pop(wanted, None)
        self._hidden.discard(wanted)
        self._unrecorded.discard(wanted)

    def place_for_backend(self, wanted: str, previous: str) -> str:
        """Where the backend has to put ``wanted``, which the client wants behind ``previous``: behind which item of its
        own, or "root".
        """
        self._places[wanted] = previous
        while len(self._places) > MAX_PLACES:
            del self._places[next(iter(self._places))]
        if previous == "root":
            return previous
        known = self._order[: self._order.index(previous) + 1]
        return next((item for item in reversed(known) if item not in self._own), "root")

    def is_place_of_own(self, previous: str) -> bool:
        """The place behind ``previous`` ("root": the front) is one that the backend can't find by itself."""
        place = 0 if previous == "root" else self._order.index(previous) + 1
        return previous in self._own or (place < len(self._order) and self._order[place] in self._own)

    def _place_behind(self, previous: str | None) -> int:
        if self._order and self._order[-1] == previous:
            return len(self._order)
        place = self._order.index(previous) + 1 if previous in self._order else 0
        while place < len(self._order) and self._order[place] in self._own:
            place += 1
        return place

    def _last_shown(self, place: int) -> str | None:
        return next((item for item in reversed(self._order[:place]) if item not in self._hidden), None)

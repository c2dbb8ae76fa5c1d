"""What every store promises of what was used on a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

from tests.contract.conftest import problems
from vasi.storage.ports import Store
from vasi.storage.spending import Spent

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


async def test_what_was_used_adds_up_by_owner_and_day(store: Store) -> None:
    assert await store.spent("anna", MONDAY) == Spent()
    assert await store.spend("anna", MONDAY, Spent(10, 1.5)) == Spent(10, 1.5)
    assert await store.spend("anna", MONDAY, Spent(0, 2.0)) == Spent(10, 3.5)
    assert await store.spend("ben", MONDAY, Spent(7)) == Spent(7)
    assert await store.spend("anna", TUESDAY, Spent(1)) == Spent(1)
    assert await store.spent("anna", MONDAY) == Spent(10, 3.5)
    assert await problems(store) == []


async def test_nothing_is_lost_when_two_servers_write(open_store: Callable[[], Awaitable[Store]]) -> None:
    one, other = await open_store(), await open_store()
    await asyncio.gather(*(store.spend("anna", MONDAY, Spent(1, 0.5)) for store in (one, other) * 10))
    assert await (await open_store()).spent("anna", MONDAY) == Spent(20, 10.0)

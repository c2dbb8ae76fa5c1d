"""What a user may use a day: counted over sessions, servers and restarts, anew every day."""

from datetime import UTC, datetime, timedelta

import pytest

from vasi.errors import StoreError
from vasi.gateway.spending import DayLimits, Spending, no_own_limits
from vasi.storage.accounts import UserLimits
from vasi.storage.spending import Spent


class Books:
    """A store, with faults on demand."""

    def __init__(self):
        self.rows = {}
        self.broken = False

    async def spend(self, owner, day, more):
        before = await self.spent(owner, day)
        self.rows[owner, day] = Spent(before.tokens + more.tokens, before.seconds + more.seconds)
        return self.rows[owner, day]

    async def spent(self, owner, day):
        if self.broken:
            raise StoreError("The disk is full.")
        return self.rows.get((owner, day), Spent())


class Time:
    """A day that passes as the test says."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        return datetime(2026, 3, 2, 22, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def clock(self):
        return self.seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def books():
    return Books()


def server(books, time, of_user=None, **limits):
    day = DayLimits(limits.get("tokens"), limits.get("minutes"))
    return Spending(books, day, of_user or no_own_limits, time.now, time.clock)


async def test_what_is_used_is_counted_where_nothing_is_limited(books, time):
    spending = server(books, time)
    ledger = await spending.ledger("anna")
    ledger.spend(10**9)
    assert ledger.refusal() is None
    await spending.write()
    assert books.rows["anna", time.now().date()].tokens == 10**9


async def test_a_user_s_own_limits_hold_instead_and_change_while_they_talk(books, time):
    own = {"anna": UserLimits(tokens_per_day=10), "ben": UserLimits(), "carl": UserLimits(tokens_per_day=0)}

    async def of_user(owner):
        return own[owner]

    spending = server(books, time, of_user, tokens=100, minutes=60)
    anna, ben, carl = [await spending.ledger(name) for name in own]
    assert "0 tokens" in carl.refusal()
    for ledger in (anna, ben):
        ledger.spend(50)
    assert "10 tokens" in anna.refusal()
    assert ben.refusal() is None
    own["anna"], own["ben"] = UserLimits(tokens_per_day=1_000), UserLimits(tokens_per_day=50)
    await spending.renew_limits()
    assert anna.refusal() is None
    assert "50 tokens" in ben.refusal()


async def test_tokens_are_used_up_and_a_restart_does_not_forget(books, time):
    spending = server(books, time, tokens=100)
    ledger = await spending.ledger("anna")
    ledger.spend(99)
    assert ledger.refusal() is None
    await spending.write()
    assert ledger.refusal() is None
    ledger.spend(1)
    assert "100 tokens" in ledger.refusal()
    assert (await spending.ledger("ben")).refusal() is None
    await spending.write()
    assert "100 tokens" in (await server(books, time, tokens=100).ledger("anna")).refusal()


async def test_minutes_run_for_each_session(books, time):
    spending = server(books, time, minutes=10)
    ledger = await spending.ledger("anna")
    assert await spending.ledger("anna") is ledger
    ledger.open_session()
    time.seconds += 240
    ledger.open_session()
    time.seconds += 120
    ledger.close_session()
    time.seconds += 119
    assert ledger.refusal() is None
    time.seconds += 1
    assert "10 minutes" in ledger.refusal()
    ledger.close_session()
    time.seconds += 3600
    await spending.write()
    assert list(books.rows.values()) == [Spent(0, 600.0)]


async def test_midnight_ends_it(books, time):
    spending = server(books, time, tokens=100)
    ledger = await spending.ledger("anna")
    ledger.spend(100)
    await spending.write()
    ledger.spend(5)
    time.seconds += 2 * 3600
    assert ledger.refusal() is None
    ledger.spend(1)
    await spending.write()
    assert [spent.tokens for spent in books.rows.values()] == [105, 1]
    assert ledger.refusal() is None


async def test_two_servers_learn_of_each_other(books, time):
    one, other = server(books, time, tokens=100), server(books, time, tokens=100)
    mine, theirs = await one.ledger("anna"), await other.ledger("anna")
    mine.spend(60)
    theirs.spend(60)
    await one.write()
    assert mine.refusal() is None
    await other.write()
    assert theirs.refusal() is not None


async def test_what_cannot_be_written_is_written_later(books, time, caplog):
    spending = server(books, time, tokens=100)
    ledger = await spending.ledger("anna")
    ledger.spend(60)
    books.broken = True
    await spending.write()
    assert "could not be written yet" in caplog.text
    ledger.spend(40)
    assert ledger.refusal() is not None
    books.broken = False
    await spending.write()
    assert [spent.tokens for spent in books.rows.values()] == [100]
    assert ledger.refusal() is not None


async def test_a_store_that_fails_keeps_nobody_out(books, time, caplog):
    books.broken = True
    ledger = await server(books, time, tokens=100).ledger("anna")
    assert ledger.refusal() is None
    assert "isn't known" in caplog.text

"""Keys: what they stand for, how long, and that none of them is kept."""

from __future__ import annotations

import itertools

import pytest

from vasi.accounts.principals import Principal
from vasi.accounts.secrets import EphemeralKeys, StaticKeys
from vasi.errors import AuthError, LimitError

ANN = Principal("ann")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def keys(clock: Clock, **limits: int) -> EphemeralKeys:
    numbers = itertools.count(1)
    return EphemeralKeys(clock=clock, token=lambda: f"random{next(numbers)}", **limits)


def test_a_key_stands_for_who_made_it_until_it_expires() -> None:
    clock = Clock()
    made = keys(clock)
    value, expires_at = made.mint(ANN, b'{"voice":1}', 60)
    assert (value, expires_at) == ("ek_random1", 1060)
    clock.now = 1059.9
    for _ in range(3):
        assert (made.grant(value).principal, made.grant(value).config) == (ANN, b'{"voice":1}')
    clock.now = 1060
    with pytest.raises(AuthError, match="expired"):
        made.grant(value)


@pytest.mark.parametrize("value", ["ek_", "ek_random2", "random1", "", "ek_random1 ", "ek_\udcff"])
def test_another_key_stands_for_nothing(value: str) -> None:
    made = keys(Clock())
    made.mint(ANN, b"{}", 60)
    with pytest.raises(AuthError):
        made.grant(value)


def test_only_so_many_live_at_a_time_and_expired_ones_make_room() -> None:
    clock = Clock()
    made = keys(clock, most=2)
    made.mint(ANN, b"{}", 10)
    lasting, _ = made.mint(ANN, b"{}", 100)
    with pytest.raises(LimitError) as refused:
        made.mint(ANN, b"{}", 10)
    assert refused.value.code == "rate_limit_exceeded"
    clock.now += 10
    made.mint(ANN, b"{}", 10)
    assert made.grant(lasting).principal == ANN


def test_their_configurations_have_a_bound_together() -> None:
    clock = Clock()
    made = keys(clock, most_bytes=100)
    made.mint(ANN, b"x" * 60, 10)
    with pytest.raises(LimitError):
        made.mint(ANN, b"x" * 60, 10)
    clock.now += 10
    made.mint(ANN, b"x" * 60, 10)


def test_no_key_is_kept() -> None:
    made = EphemeralKeys()
    value, _ = made.mint(ANN, b"{}", 60)
    assert value.removeprefix("ek_") not in repr(vars(made))
    assert "correct-horse-battery" not in repr(vars(StaticKeys(["correct-horse-battery"])))


def test_keys_fit_into_a_subprotocol_and_differ() -> None:
    made = EphemeralKeys()
    values = {made.mint(ANN, b"{}", 60)[0] for _ in range(50)}
    assert len(values) == 50
    assert all(value.replace("-", "").replace("_", "").isalnum() and len(value) > 40 for value in values)


def test_static_keys() -> None:
    assert not StaticKeys().wanted
    static = StaticKeys(["one-key-of-the-server", "another-key-of-it"])
    assert static.wanted
    assert "another-key-of-it" in static
    assert "another-key-of-i" not in static
    assert "" not in static

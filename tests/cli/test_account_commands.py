"""``vasi keys`` and ``vasi users``: as whoever runs a server types them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vasi.accounts.browser_sessions import Browser
from vasi.accounts.sign_ins import Person
from vasi.app import Vasi
from vasi.cli import main
from vasi.config import load_settings
from vasi.storage.accounts import Identity, User

OIDC = """
[auth]
mode = "oidc"
public_url = "https://vasi.example.com"

[auth.providers.example]
issuer = "https://login.example.com"
client_id = "vasi"
"""

Program = Callable[..., tuple[int, str, str]]


@pytest.fixture
def vasi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Runs a command: its exit code, and what it wrote to stdout and stderr."""
    monkeypatch.setenv("VASI_DATA", str(tmp_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vasi", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return (code, *capsys.readouterr())

    return run


def with_accounts(data: Path, *names: str) -> list[User]:
    """Accounts of a data folder, as if these people had signed in."""
    (data / "vasi.toml").write_text(OIDC, encoding="utf-8")

    async def made() -> list[User]:
        async with Vasi.open(load_settings({"data": data}), engines=False) as opened:
            await opened.notes.add("local", "The spare filter is in the blue box.", _now())
            return [
                (
                    await opened.accounts.sign_ins.complete(
                        Identity("https://login.example.com", name),
                        Person(name.title(), f"{name}@example.com"),
                        Browser("10.0.0.1"),
                    )
                )[2]
                for name in names
            ]

    return asyncio.run(made())


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_keys_are_made_listed_and_removed(vasi: Program) -> None:
    code, key, told = vasi("keys", "make", "phone", "--scope", "realtime", "--days", "90")
    assert (code, key.startswith("vasi_"), key.count("\n")) == (0, True, 1)
    assert "realtime" in told
    assert key.strip() not in told
    code, listed, _ = vasi("keys", "list", "--json")
    [shown] = json.loads(listed)
    assert (code, shown["name"], shown["scopes"]) == (0, "phone", ["realtime"])
    assert key.strip() not in listed
    assert vasi("keys", "make", "phone")[0] == 0
    code, _, told = vasi("keys", "remove", "phone")
    assert (code, "Several keys" in told) == (1, True)
    assert vasi("keys", "remove", shown["id"])[0] == 0
    assert "phone" in vasi("keys", "remove", "phone")[1]
    assert "No keys yet" in vasi("keys", "list")[2]
    assert vasi("keys", "make", "phone", "--scope", "everything")[0] == 2


def test_where_people_sign_in_a_key_is_somebody_s(vasi: Program, tmp_path: Path) -> None:
    [ann] = with_accounts(tmp_path, "ann")
    code, _, told = vasi("keys", "make", "phone")
    assert (code, "--user" in told) == (1, True)
    assert vasi("keys", "make", "phone", "--user", ann.id)[0] == 0
    listed = json.loads(vasi("keys", "list", "--user", ann.id, "--json")[1])
    assert [key["user_id"] for key in listed] == [ann.id]
    assert "vasi users list" in vasi("keys", "list", "--user", "carl")[2]


def test_users_are_listed_and_changed(vasi: Program, tmp_path: Path) -> None:
    ann, ben = with_accounts(tmp_path, "ann", "ben")

    def shown(user: User) -> dict[str, object]:
        return next(one for one in json.loads(vasi("users", "list", "--json")[1]) if one["id"] == user.id)

    assert [line.split("\t")[:4] for line in vasi("users", "list")[1].splitlines()] == [
        [ann.id, "Ann", "ann@example.com", "user"],
        [ben.id, "Ben", "ben@example.com", "user"],
    ]
    assert vasi("users", "role", ann.id, "administrator")[0] == 0
    assert vasi("users", "disable", ben.id)[0] == 0
    assert vasi("users", "limits", ben.id, "--minutes", "30")[0] == 0
    assert (shown(ann)["role"], shown(ben)["disabled"]) == ("administrator", True)
    assert shown(ben)["limits"] == {"tokens_per_day": None, "minutes_per_day": 30}
    assert vasi("users", "enable", ben.id)[0] == 0
    assert vasi("users", "limits", ben.id)[0] == 0
    assert (shown(ben)["disabled"], shown(ben)["limits"]) == (False, {"tokens_per_day": None, "minutes_per_day": None})
    code, _, told = vasi("users", "disable", ann.id)
    assert (code, "only administrator" in told) == (1, True)
    assert vasi("users", "remove", ben.id, "--yes")[0] == 0
    assert "Ben" not in vasi("users", "list")[1]


def test_names_and_addresses_mean_nobody(vasi: Program, tmp_path: Path) -> None:
    """Anybody can call themselves as they like where they sign in."""
    [ann] = with_accounts(tmp_path, "ann")
    for said in ("ann@example.com", "Ann"):
        code, _, told = vasi("users", "role", said, "administrator")
        assert (code, ann.id in " ".join(told.split())) == (1, True)
    assert json.loads(vasi("users", "list", "--json")[1])[0]["role"] == "user"


def test_numbers_that_are_too_large_are_a_mistake(vasi: Program, tmp_path: Path) -> None:
    [ann] = with_accounts(tmp_path, "ann")
    for arguments in (
        ("users", "limits", ann.id, "--tokens", "99999999999999999999"),
        ("users", "invite", "ben@example.com", "--days", "100000000"),
        ("keys", "make", "phone", "--user", ann.id, "--days", "100000000"),
    ):
        assert vasi(*arguments)[0] == 2


def test_somebody_is_invited(vasi: Program, tmp_path: Path) -> None:
    code, _, told = vasi("users", "invite")
    assert (code, "auth.mode" in told) == (1, True)
    with_accounts(tmp_path)
    code, url, _ = vasi("users", "invite", "ann@example.com", "--role", "administrator", "--group", "staff")
    assert (code, url.startswith("https://vasi.example.com/sign-in?invitation=")) == (0, True)


def test_what_was_kept_before_is_given_to_a_user(vasi: Program, tmp_path: Path) -> None:
    [ann] = with_accounts(tmp_path, "ann")
    assert "blue box" in vasi("notes", "list")[1]
    code, told, _ = vasi("users", "adopt", ann.id)
    assert (code, "Ann" in told) == (0, True)
    assert "blue box" not in vasi("notes", "list")[1]
    code, _, told = vasi("users", "adopt", ann.id)
    assert (code, "no documents, notes or conversations" in told) == (1, True)

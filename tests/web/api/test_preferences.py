"""What users chose is theirs, and the same wherever they sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people import ANNA, BEN, PEOPLE, signed_in
from tests.web.app_server import running

PATH = "/api/account/preferences"


async def test_everybody_has_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"theme": "dark", "voice": {"name": "ash", "speed": 1.1}, "größe": [1, None]}
    async with running(tmp_path, monkeypatch, authenticator=PEOPLE) as app:
        assert (await app.http.get(PATH, headers=signed_in(ANNA))).json() == {}
        answer = await app.http.put(PATH, json=chosen, headers=signed_in(ANNA))
        assert (answer.status_code, answer.json()) == (200, chosen)
        assert (await app.http.put(PATH, json={"theme": "light"}, headers=signed_in(BEN))).status_code == 200
    async with running(tmp_path, monkeypatch, authenticator=PEOPLE) as app:
        assert (await app.http.get(PATH, headers=signed_in(ANNA))).json() == chosen
        assert (await app.http.get(PATH, headers=signed_in(BEN))).json() == {"theme": "light"}
        for wrong, status in (([], 400), ("x", 400), ({"x": "y" * 20_000}, 413)):
            answer = await app.http.put(PATH, json=wrong, headers=signed_in(BEN))
            assert answer.status_code == status, answer.text
        assert (await app.http.get(PATH, headers=signed_in(BEN))).json() == {"theme": "light"}

"""The prompts of the server, as the app offers them."""

from __future__ import annotations

from pathlib import Path

import httpx2

from tests.server_process import serving


def test_prompts_that_need_nothing_are_offered_as_personas(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "prompts"
    folder.mkdir(parents=True)
    (folder / "captain.toml").write_text(
        'title = "Captain"\ndescription = "Short orders."\n[versions.1]\ntext = "You are a captain."\n'
    )
    (folder / "guide.md").write_text("You show {{visitor}} around.")
    with serving(tmp_path / "data") as server:
        status = httpx2.get(f"{server.http}/api/status").json()
    assert status["personas"] == [{"id": "captain", "title": "Captain", "description": "Short orders."}]
    assert "You are a captain" not in str(status)

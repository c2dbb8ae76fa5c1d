"""Talks about notes in the languages of the app, over the real answerer and a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notes.spoken_talks import TALKS
from tests.notes.talks import note_talk


@pytest.mark.parametrize("language", TALKS)
async def test_notes_are_kept_in_each_language(tmp_path: Path, language: str) -> None:
    said, left = TALKS[language]
    wrong: list[tuple[str, str, str]] = []
    async with note_talk(tmp_path, "The price list has tents and ropes.", "The office opens at nine.") as talk:
        for utterance, answer in said:
            heard = await talk.say(utterance)
            if not (heard.startswith(answer[:-1]) if answer.endswith("*") else heard == answer):
                wrong.append((utterance, heard, answer))
        assert wrong == []
        assert set(left) <= set(await talk.texts())

"""The canned engines answer as they're told to, and keep nothing."""

from __future__ import annotations

import asyncio

import numpy as np

from vasi.engines.ports import AssistantMessage, ChatRequest, SystemMessage, TextDelta, UserMessage
from vasi.testing.canned import LEVEL, NOTHING, RECITE, CannedLlm, canned_engines
from vasi.testing.engines import LoudnessVad


async def answer(llm: CannedLlm, *messages: SystemMessage | UserMessage | AssistantMessage) -> str:
    events = [event async for event in llm.generate(ChatRequest(messages))]
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_the_model_answers_the_same_unless_told_otherwise() -> None:
    llm = CannedLlm("Yes.")
    assert await answer(llm, UserMessage("Is it so?")) == "Yes."
    assert await answer(llm, SystemMessage('Reply exactly: "No."'), UserMessage("Is it so?")) == "No."


async def test_the_model_recites_what_it_was_told_that_it_said() -> None:
    llm = CannedLlm("Yes.")
    asked, recite = UserMessage("Is it so?"), SystemMessage(RECITE)
    assert await answer(llm, recite, asked, AssistantMessage("100 101"), UserMessage("stop")) == "100 101"
    assert await answer(llm, recite, asked, AssistantMessage(""), UserMessage("stop")) == NOTHING


async def test_each_number_sounds_at_a_level_of_its_own() -> None:
    engines = canned_engines(LoudnessVad(), heard="hello", answer="Yes.")
    chunks = [chunk async for chunk in engines.tts.speak("100 101.", voice="tone")]
    assert [set(np.unique(chunk.samples)) for chunk in chunks] == [{100 * LEVEL}, {101 * LEVEL}]


async def test_every_utterance_is_heard_as_the_same_after_its_time() -> None:
    engines = canned_engines(LoudnessVad(), heard="hello", answer="Yes.", stt_ms=30)
    utterance = engines.stt.open("someone")
    utterance.feed(np.zeros(1600, np.int16))
    begin = asyncio.get_running_loop().time()
    transcript = await utterance.finish()
    assert transcript.text == "hello"
    assert asyncio.get_running_loop().time() - begin >= 0.029

"""The built-in answerer speaks the language of the conversation."""

from __future__ import annotations

import json

import pytest

from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Message,
    TextDelta,
    ToolCall,
    ToolMessage,
    ToolSpec,
    UserMessage,
)

SEARCH = ToolSpec("search_knowledge", "Search.", {"type": "object", "properties": {}})


async def answered(*messages: Message, language: str | None = None, **request: object) -> str:
    llm = ExtractiveLlm()
    asked = ChatRequest(messages, language=language, **request)  # pyright: ignore[reportArgumentType]
    return "".join([event.text async for event in llm.generate(asked) if isinstance(event, TextDelta)])


@pytest.mark.parametrize(
    ("language", "answer"),
    [("de", "In Ordnung."), ("fr", "D'accord."), ("es", "De acuerdo."), ("pt", "Certo."), ("en", "All right.")],
)
async def test_a_word_of_all_languages_is_answered_in_that_of_the_conversation(language: str, answer: str) -> None:
    assert await answered(UserMessage("ok"), language=language) == answer


async def test_where_it_is_not_known_what_was_said_before_tells_it() -> None:
    before = (UserMessage("Wie spät ist es?"), AssistantMessage("Ich weiß nicht, wie spät es bei dir ist."))
    assert await answered(*before, UserMessage("ok")) == "In Ordnung."
    assert await answered(UserMessage("ok")) == "All right."


async def test_somebody_who_changes_the_language_is_answered_in_the_new_one() -> None:
    before = (UserMessage("Wer bist du?"), AssistantMessage("Ich bin vasi."))
    assert (await answered(*before, UserMessage("¿Qué puedes hacer?"))).startswith("Pregúntame")


@pytest.mark.parametrize(
    ("language", "said"), [("de", "nicht finden"), ("ja", "見つかりません"), ("ar", "لم أجد"), ("pt", "Não encontrei")]
)
async def test_a_question_that_does_not_tell_its_language_is_answered_in_that_of_the_conversation(
    language: str, said: str
) -> None:
    call = ToolCall("call_1", "search_knowledge", json.dumps({"query": "XJ-900"}))
    nothing = ToolMessage("call_1", json.dumps({"found": False, "passages": []}))
    messages = (UserMessage("XJ-900?"), AssistantMessage("", (call,)), nothing)
    assert said in await answered(*messages, language=language, tools=(SEARCH,))


@pytest.mark.parametrize(("language", "asked"), [("fr", "Vous êtes toujours là ?"), ("xx", "Are you still there?")])
async def test_a_silence_is_broken_in_the_language_of_the_conversation(language: str, asked: str) -> None:
    assert await answered(UserMessage("(silence)"), language=language, occasion="silence") == asked

"""The chat adapter against a real llama.cpp server with a tiny random model."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from vasi.engines.llm.openai_chat import OpenAIChatLlm
from vasi.engines.ports import ChatRequest, LlmDone, LlmEvent, SystemMessage, TextDelta, UserMessage
from vasi.errors import EngineError

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")

ROOT = Path(__file__).parents[2]
ASK = (SystemMessage("Be brief."), UserMessage("Say something."))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.fakes.tiny_gguf import write_tiny_model

    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    write_tiny_model(path)
    return path


@pytest.fixture
async def server(model: Path) -> AsyncIterator[str]:
    """The address of a llama.cpp server; one slot, so requests wait for each other."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.llama_server", str(model)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(30):
            while not (line := (await process.stdout.readline()).decode()).startswith("http"):
                assert line, "the server did not start"
        yield line.strip()
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def engine(address: str, **extra: Any) -> OpenAIChatLlm:
    return OpenAIChatLlm(model="tiny", base_url=f"{address}/v1", extra={"temperature": 0, "seed": 1} | extra)


def said(events: list[LlmEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def predicted(address: str) -> int:
    """How many tokens the server has made since its start."""

    def read() -> str:
        with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
            return answer.read().decode()

    found = re.search(r"^llamacpp:tokens_predicted_total (\d+)", await asyncio.to_thread(read), re.MULTILINE)
    assert found
    return int(found[1])


async def test_it_streams_stops_at_the_limit_and_counts_tokens(server: str) -> None:
    llm = engine(server, ignore_eos=True)
    events = [event async for event in llm.generate(ChatRequest(ASK, max_output_tokens=40))]
    await llm.stop()
    assert sum(isinstance(event, TextDelta) for event in events) > 3
    end = events[-1]
    assert isinstance(end, LlmDone)
    assert end.finish == "length"
    assert end.output_tokens == 40
    assert end.input_tokens > 20


async def test_closing_the_answer_stops_the_model(server: str) -> None:
    llm = engine(server, ignore_eos=True)
    answer = llm.generate(ChatRequest(ASK, max_output_tokens=1900))
    await anext(answer)
    await answer.aclose()
    # One slot: a second answer comes only when the first is given up.
    async with asyncio.timeout(20):
        again = [event async for event in llm.generate(ChatRequest(ASK, max_output_tokens=5))]
    await llm.stop()
    assert isinstance(again[-1], LlmDone)
    assert await predicted(server) < 1900


async def test_a_schema_constrains_what_it_says(server: str) -> None:
    schema = {
        "type": "object",
        "properties": {"answer": {"enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    llm = engine(server, response_format=form)
    events = [event async for event in llm.generate(ChatRequest(ASK, max_output_tokens=100))]
    await llm.stop()
    assert json.loads(said(events))["answer"] in ("yes", "no")


async def test_a_conversation_beyond_the_context_is_said_to_be_too_long(server: str) -> None:
    llm = engine(server)
    with pytest.raises(EngineError, match="too long for the model 'tiny'") as caught:
        async for _ in llm.generate(ChatRequest((UserMessage("word " * 3000),))):
            pass
    await llm.stop()
    assert not caught.value.retryable

"""A GGUF file served by llama.cpp in a child process, with a tiny model of random weights."""

from __future__ import annotations

import asyncio
import os
import signal
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from vasi import plugins
from vasi.app.package_settings import conversation_settings
from vasi.config import Settings
from vasi.config.tables import EngineSettings, LlmSettings
from vasi.engines.llm import llama, llama_choice
from vasi.engines.llm.llama import LlamaLlm
from vasi.engines.models.catalogue import Machine
from vasi.engines.ports import ChatRequest, LlmDone, LlmEvent, SystemMessage, TextDelta, UserMessage
from vasi.errors import ConfigError, EngineError

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")

ASK = (SystemMessage("Be brief."), UserMessage("Say something."))
THINKING = "{% if enable_thinking is not defined or enable_thinking %}" + "think " * 20 + "{% endif %}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.fakes.tiny_gguf import write_tiny_model

    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    write_tiny_model(path)
    return path


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers go on until they are as long as they may be."""
    monkeypatch.setattr(llama, "EXTRA", {**llama.EXTRA, "ignore_eos": True})


@pytest.fixture
async def engine(file: Path) -> AsyncIterator[LlamaLlm]:
    llm = LlamaLlm(file, "tiny", context=2048, threads=1)
    await llm.start()
    yield llm
    await llm.stop()


async def answer(llm: LlamaLlm, limit: int = 8) -> LlmDone:
    events = [event async for event in llm.generate(ChatRequest(ASK, max_output_tokens=limit))]
    end = events[-1]
    assert isinstance(end, LlmDone)
    return end


async def exhaust(stream: AsyncIterator[LlmEvent]) -> None:
    async for _ in stream:
        pass


async def test_it_answers_and_stopping_leaves_no_process(file: Path) -> None:
    llm = LlamaLlm(file, "tiny", context=2048, threads=1)
    await llm.start()
    await llm.start()  # once is enough
    pid = llm.pid
    assert pid is not None
    end = await answer(llm)
    assert 0 < end.output_tokens <= 8
    assert end.input_tokens > 10
    await llm.stop()
    assert not psutil.pid_exists(pid)
    with pytest.raises(EngineError, match="is being started"):
        await answer(llm)


async def test_nobody_else_on_this_machine_can_ask_it(engine: LlamaLlm) -> None:
    assert engine.pid is not None
    listening = [one for one in psutil.Process(engine.pid).net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    assert [one.laddr.ip for one in listening] == ["127.0.0.1"]

    def ask() -> int:
        body = urllib.request.Request(f"http://127.0.0.1:{listening[0].laddr.port}/v1/chat/completions", b"{}")
        with urllib.request.urlopen(body, timeout=10) as reply:
            return reply.status

    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(ask)
    assert refused.value.code == 401
    refused.value.close()


async def test_killed_in_the_middle_of_an_answer_it_says_so_and_comes_back(
    endless: None, engine: LlamaLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "FIRST_DELAY_S", 0.3)
    dead = engine.pid
    assert dead is not None
    stream = engine.generate(ChatRequest(ASK, max_output_tokens=1900))
    assert isinstance(await anext(stream), TextDelta)
    os.kill(dead, signal.SIGKILL)
    with pytest.raises(EngineError, match="tiny is being started again; ask once more") as told:
        await exhaust(stream)
    assert told.value.retryable
    with pytest.raises(EngineError, match="tiny is being started again"):
        await answer(engine)
    async with asyncio.timeout(30):
        while engine.pid in (None, dead):
            await asyncio.sleep(0.05)
    assert (await answer(engine)).output_tokens > 0


async def test_stopping_ends_an_answer_that_is_under_way(endless: None, file: Path) -> None:
    llm = LlamaLlm(file, "tiny", context=2048, threads=1)
    await llm.start()
    pid = llm.pid
    assert pid is not None
    stream = llm.generate(ChatRequest(ASK, max_output_tokens=1900))
    await anext(stream)
    await llm.stop()
    with pytest.raises(EngineError):
        await exhaust(stream)
    assert not psutil.pid_exists(pid)


async def test_a_model_is_told_not_to_think(tmp_path: Path, engine: LlamaLlm) -> None:
    from tests.fakes.tiny_gguf import CHATML, write_tiny_model

    write_tiny_model(tmp_path / "thinking.gguf", template=THINKING + CHATML)
    thinking = LlamaLlm(tmp_path / "thinking.gguf", "thinking", context=2048, threads=1)
    await thinking.start()
    try:
        assert (await answer(thinking)).input_tokens == (await answer(engine)).input_tokens
    finally:
        await thinking.stop()


async def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF but no more")
    llm = LlamaLlm(tmp_path / "broken.gguf", "broken", context=2048)
    with pytest.raises(EngineError, match=r"broken can't be loaded from .*broken\.gguf"):
        await llm.start()
    assert llm.pid is None
    await llm.stop()


# --- choosing it ----------------------------------------------------------------------------------------------------
def settings(data: Path, engine: str = "auto", **llm: str) -> Settings:
    return Settings(data=data, engines=EngineSettings(llm=engine), llm=LlmSettings.model_validate(llm))


def test_it_is_only_taken_where_it_is_set(tmp_path: Path, file: Path) -> None:
    def chosen(**llm: str) -> str:
        candidate = plugins.choose("llm", settings(tmp_path, **llm))
        assert candidate is not None
        return candidate.name

    assert chosen() == "extractive"
    assert chosen(gguf=str(file)) == "llama"
    assert chosen(gguf=str(file), base_url="http://localhost:1/v1", model="m") == "openai"
    assert llama_choice.make(settings(tmp_path, gguf=str(file))).name == "tiny"


@pytest.mark.parametrize(
    ("gguf", "remedy"),
    [
        ("qwen3-0.6b", "vasi download qwen3-0.6b"),
        ("/nowhere/model.gguf", "There is no file"),
        ("qwen-0.6b", "Did you mean qwen3-0.6b"),
        ("whisper-base", "no language model"),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "llama"])
def test_what_it_lacks_is_told_with_the_remedy(tmp_path: Path, gguf: str, remedy: str, engine: str) -> None:
    with pytest.raises(ConfigError, match=remedy):
        plugins.choose("llm", settings(tmp_path, engine, gguf=gguf))
    # Whoever wants another engine gets it.
    assert plugins.choose("llm", settings(tmp_path, "extractive", gguf=gguf)) is not None


def test_a_machine_that_is_too_small_is_told(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machine, "here", classmethod(lambda cls: cls(2, 4_000)))
    assert llama_choice.caution(settings(tmp_path, gguf="qwen3-1.7b")) == (
        "qwen3-1.7b needs 6 processor cores and 8 GB of memory, this machine has 2 and 4.0 GB: answers will be slow in "
        "coming."
    )
    assert plugins.report("llm", settings(tmp_path, gguf=str(file))).why == (
        "The model in llm.gguf, which runs on this machine."
    )
    monkeypatch.setattr(Machine, "here", classmethod(lambda cls: cls(16, 32_000)))
    assert llama_choice.caution(settings(tmp_path, gguf="qwen3-1.7b")) == ""
    monkeypatch.setattr(Machine, "here", classmethod(lambda cls: cls(16, 0.5)))
    assert "memory" in plugins.report("llm", settings(tmp_path, gguf=str(file))).why


def test_a_conversation_is_cut_to_what_the_context_holds() -> None:
    def most(**llm: Any) -> int:
        return conversation_settings(Settings(llm=LlmSettings(**llm))).input_tokens

    assert most(gguf="a.gguf", gguf_context=4_096) == 3_072
    assert most(gguf="a.gguf", gguf_context=2_048, input_tokens=1_500) == 1_024
    assert most(input_tokens=20_000) == 20_000

"""Prompts that the server keeps reach the model, and never a client."""

import json

import pytest

from tests.gateway.sessions import PROMPT, session
from vasi.engines.ports import SystemMessage
from vasi.errors import ClientError, ConfigError
from vasi.gateway import prompts as module
from vasi.gateway.prompts import Prompts
from vasi.protocol.session import Prompt
from vasi.testing.llm import ScriptedLlm

TEXT = {"output_modalities": ["text"]}
GUIDE = """
title = "Guide"
description = "Shows visitors around."

[versions.1]
text = "Secretly show {{ visitor }} around."

[versions.2]
text = "Secretly show {{visitor}} around, in {{manner}} sentences, {{visitor}}!"
variables = { manner = "short" }
"""


@pytest.fixture
def prompts(tmp_path):
    (tmp_path / "guide.toml").write_text(GUIDE)
    (tmp_path / "plain.md").write_text("# A plain one\n\nSecretly be plain.")
    (tmp_path / ".hidden.md").write_text("Not for clients.")
    return Prompts(tmp_path)


def instructions(llm):
    first = llm.requests[-1].messages[0]
    assert isinstance(first, SystemMessage)
    return first.text.removeprefix(PROMPT).strip()


# --- the store ------------------------------------------------------------------------------------------------------
def test_what_there_is_is_listed(prompts):
    listed = prompts.listed()
    assert list(listed) == ["guide", "plain"]
    assert (listed["guide"].title, listed["guide"].current) == ("Guide", "2")
    assert listed["guide"].versions["2"].names == ["visitor", "manner"]
    assert listed["plain"].title == "A plain one"
    assert Prompts().listed() == {}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"version": "1", "variables": {"visitor": "Ann"}}, "Secretly show Ann around."),
        ({"variables": {"visitor": "Ann"}}, "Secretly show Ann around, in short sentences, Ann!"),
        (
            {"variables": {"visitor": {"type": "input_text", "text": "{{manner}}"}, "manner": "long"}},
            "Secretly show {{manner}} around, in long sentences, {{manner}}!",
        ),
    ],
)
def test_variables_are_filled_in_once(prompts, fields, text):
    assert prompts.text(Prompt(id="guide", **fields), "session.prompt") == text


@pytest.mark.parametrize(
    ("prompt", "code", "param"),
    [
        ({"id": "nobody"}, "prompt_not_found", "id"),
        ({"id": "../guide"}, "prompt_not_found", "id"),
        ({"id": ".hidden"}, "prompt_not_found", "id"),
        ({"id": "guide", "version": "3"}, "prompt_version_not_found", "version"),
        ({"id": "guide"}, "missing_required_parameter", "variables.visitor"),
        ({"id": "plain", "variables": {"x": "y"}}, "unknown_parameter", "variables.x"),
        ({"id": "guide", "variables": {"visitor": 5}}, "invalid_type", "variables.visitor"),
        (
            {"id": "guide", "variables": {"visitor": {"type": "input_image", "image_url": "data:"}}},
            "invalid_value",
            "variables.visitor",
        ),
        ({"id": "guide", "variables": {"visitor": "x" * 140_000}}, "invalid_value", "variables"),
    ],
)
def test_what_does_not_fit_is_refused(prompts, prompt, code, param):
    with pytest.raises(ClientError) as refused:
        prompts.text(Prompt(**prompt), "session.prompt")
    assert (refused.value.code, refused.value.param) == (code, f"session.prompt.{param}")
    assert "Secretly" not in refused.value.message


@pytest.mark.parametrize(
    "text", ["versions = 5", "[versions]", "nonsense", GUIDE + "\n[more]", 'default = "9"\n' + GUIDE]
)
def test_a_file_that_is_wrong_is_named_to_the_one_who_keeps_it_alone(prompts, tmp_path, text):
    (tmp_path / "guide.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"guide\.toml"):
        prompts.listed()
    with pytest.raises(ClientError) as refused:
        prompts.text(Prompt(id="guide"), "session.prompt")
    assert str(tmp_path) not in refused.value.message


def test_a_file_that_is_too_large_is_not_read(prompts, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FILE_BYTES", 10)
    with pytest.raises(ConfigError, match="larger than"):
        prompts.listed()


# --- sessions -------------------------------------------------------------------------------------------------------
async def test_the_model_is_told_and_the_client_sees_only_the_reference(prompts):
    llm = ScriptedLlm("Yes.", "Yes.", "Yes.", "Yes.")
    async with session(llm, prompts=prompts) as table:
        client = table.client
        named = {"id": "guide", "version": "1", "variables": {"visitor": "Ann"}}
        shown = await client.update(prompt=named, instructions="Be kind.", **TEXT)
        assert (shown["prompt"]["id"], shown["prompt"]["variables"]) == ("guide", {"visitor": "Ann"})
        assert shown["instructions"] == "Be kind."
        await client.say("Hello")
        assert instructions(llm) == "Secretly show Ann around.\n\nBe kind."
        await client.update(instructions="")
        await client.say("Hello")
        assert instructions(llm) == "Secretly show Ann around."
        await client.say("Hello", prompt={"id": "plain"})
        assert instructions(llm) == "# A plain one\n\nSecretly be plain."
        assert (await client.update(prompt=None))["prompt"] is None
        await client.say("Hello")
        assert instructions(llm) == ""
        assert "Secretly" not in json.dumps(client.events)


async def test_another_prompt_takes_nothing_over_from_the_one_before(prompts):
    async with session(ScriptedLlm(), prompts=prompts) as table:
        await table.client.update(prompt={"id": "guide", "variables": {"visitor": "Ann"}})
        assert (await table.client.update(prompt={"id": "plain"}))["prompt"] == {"id": "plain"}


async def test_a_wrong_prompt_changes_nothing(prompts):
    llm = ScriptedLlm("Yes.")
    async with session(llm, prompts=prompts) as table:
        client = table.client
        await client.update(prompt={"id": "plain"}, **TEXT)
        await client.send(
            "session.update", session={"type": "realtime", "prompt": {"id": "guide"}, "instructions": "x"}
        )
        assert (await client.until("error"))["error"]["param"] == "session.prompt.variables.visitor"
        await client.send("response.create", response={"prompt": {"id": "nobody"}})
        assert (await client.until("error"))["error"]["param"] == "response.prompt.id"
        await client.say("Hello")
        assert instructions(llm) == "# A plain one\n\nSecretly be plain."


async def test_a_server_without_prompts_refuses_them_by_name():
    async with session(ScriptedLlm()) as table:
        await table.client.send("session.update", session={"type": "realtime", "prompt": {"id": "pmpt_1"}})
        error = (await table.client.until("error"))["error"]
        assert (error["code"], error["param"]) == ("prompt_not_found", "session.prompt.id")

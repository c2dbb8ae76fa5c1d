"""A conversation as the messages of a chat model."""

from msgspec import UNSET

from vasi.backends.context import chat_request, messages_of
from vasi.conversation.effects import Generate
from vasi.engines.ports import AssistantMessage, Image, SystemMessage, ToolCall, ToolMessage, ToolSpec, UserMessage
from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputAudio,
    InputImage,
    InputText,
    Message,
    OutputAudio,
    OutputText,
)
from vasi.protocol.session import FunctionTool, ToolChoiceFunction

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def user(*parts):
    return Message(role="user", content=[InputText(text=part) if isinstance(part, str) else part for part in parts])


def said(text):
    return Message(role="assistant", content=[OutputAudio(transcript=text)])


def call(call_id, name="look"):
    return FunctionCall(name=name, arguments="{}", call_id=call_id)


def output(call_id, text="found"):
    return FunctionCallOutput(call_id=call_id, output=text)


def calls(text, *call_ids):
    return AssistantMessage(text, tuple(ToolCall(call_id, "look", "{}") for call_id in call_ids))


def test_who_said_what():
    system = Message(role="system", content=[InputText(text="Be brief.")])
    written = Message(role="assistant", content=[OutputText(text="Yes.")])
    spoken = user(InputAudio(transcript="Is it?"), InputImage(image_url=PIXEL), "Look.")
    assert messages_of([system, user("Hello"), said("Hi."), spoken, written]) == [
        SystemMessage("Be brief."),
        UserMessage("Hello"),
        AssistantMessage("Hi."),
        UserMessage("Is it?\nLook.", (Image(PIXEL),)),
        AssistantMessage("Yes."),
    ]


def test_an_answer_of_which_nothing_was_heard_was_not_given():
    assert messages_of([user("Hello"), said(""), Message(role="assistant", content=[])]) == [UserMessage("Hello")]


def test_calls_of_one_answer_stand_together_with_what_was_said_before_them():
    items = [user("x"), said("One moment."), call("a"), call("b"), output("a", "1"), output("b", "2"), said("Done.")]
    assert messages_of(items) == [
        UserMessage("x"),
        calls("One moment.", "a", "b"),
        ToolMessage("a", "1"),
        ToolMessage("b", "2"),
        AssistantMessage("Done."),
    ]


def test_calls_one_after_the_other_stand_apart():
    items = [call("a"), output("a"), call("b"), output("b")]
    assert messages_of(items) == [calls("", "a"), ToolMessage("a", "found"), calls("", "b"), ToolMessage("b", "found")]


def test_outputs_follow_their_calls_although_somebody_spoke_in_between():
    """Chat models refuse a call that isn't followed by its output."""
    items = [call("a"), call("b"), user("Hurry!"), output("b", "2"), said("Wait."), output("a", "1")]
    assert messages_of(items) == [
        calls("", "a", "b"),
        ToolMessage("a", "1"),
        ToolMessage("b", "2"),
        UserMessage("Hurry!"),
        AssistantMessage("Wait."),
    ]


def test_calls_without_output_and_outputs_without_call_are_left_out():
    items = [user("x"), call("a"), call("b"), output("b"), output("b", "again"), output("nobody")]
    assert messages_of(items) == [UserMessage("x"), calls("", "b"), ToolMessage("b", "found")]


def test_a_request_holds_what_the_response_asked_for():
    tools = [FunctionTool(name="look", description="Look."), FunctionTool(name="f", parameters={"type": "object"})]
    wanted = Generate("resp_1", (user("x"),), "Be brief.", tools, "auto", "inf")
    request = chat_request(wanted)
    assert request.messages == (SystemMessage("Be brief."), UserMessage("x"))
    assert request.tools == (
        ToolSpec("look", "Look.", {"type": "object", "properties": {}}),
        ToolSpec("f", "", {"type": "object"}),
    )
    assert (request.tool_choice, request.max_output_tokens) == ("auto", None)
    choice = ToolChoiceFunction(name="look")
    request = chat_request(Generate("resp_1", (), "", [], choice, 7))
    assert (request.messages, request.tool_choice, request.max_output_tokens) == ((), "look", 7)


def test_a_call_without_an_id_is_nobody_s():
    assert messages_of([FunctionCall(name="look", arguments="{}", call_id=UNSET)]) == []


def test_turns_in_which_nobody_said_a_word_are_left_out_but_the_last():
    told = chat_request(Generate("r", (user("x"), user(""), said("y"), user("")), "", [], "auto", "inf"))
    assert told.messages == (UserMessage("x"), AssistantMessage("y"), UserMessage(""))


def test_the_model_is_told_why_it_is_asked_when_nobody_spoke():
    for occasion, cue in (("silence", "still there"), ("noise", "Go on from where you stopped")):
        request = chat_request(Generate("r", (user("x"), said("y"), user("")), "", [], "auto", "inf", occasion))
        assert request.occasion == occasion
        assert request.messages[:-1] == (UserMessage("x"), AssistantMessage("y"))
        assert isinstance(request.messages[-1], UserMessage)
        assert cue in request.messages[-1].text


def test_what_was_taken_for_words_in_a_noise_is_not_told():
    request = chat_request(Generate("r", (user("x"), said("y"), user("but the")), "", [], "auto", "inf", "noise"))
    assert request.messages[:-1] == (UserMessage("x"), AssistantMessage("y"))

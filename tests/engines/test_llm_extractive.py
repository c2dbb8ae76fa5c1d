"""The weight-free model: which tool an utterance calls, what is said about its output, and that it always ends well."""

# ruff: noqa: E501 - a row of a table reads better on one line

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    LlmDone,
    LlmEvent,
    Message,
    SystemMessage,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolMessage,
    ToolSpec,
    UserMessage,
)
from vasi.gateway.view.calls import CUT_OUTPUT
from vasi.notes.notes import MOST_CHARACTERS

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)  # a Wednesday
SERVER_TOOLS = (
    "search_knowledge", "take_note", "search_notes", "list_notes", "read_note", "update_note", "edit_list", "delete_note",
    "delete_notes", "undo_last_change",
)  # fmt: skip
TOOLS = tuple(ToolSpec(name, "", {"type": "object"}) for name in SERVER_TOOLS)
NOT_FOUND = "I could not find that in your documents"

HANDBOOK = {
    "id": "p12",
    "document": "employee-handbook.pdf",
    "page": 6,
    "heading": "Benefits > Dental",
    "text": "Every employee is insured from the first day. The dental plan pays for two cleanings a year. "
    "Its deductible is 250 dollars for each person. Ask Maria Lopez about forms.",
    "score": 0.83,
}


def note(text: str, note_id: str = "n1", created_at: str = "2025-11-18T09:00:00+00:00") -> dict[str, str]:
    return {"id": note_id, "text": text, "created_at": created_at}


class Talk:
    """A conversation with the model: says something, answers its calls, hears it out."""

    def __init__(self, tools: tuple[ToolSpec, ...] = TOOLS) -> None:
        self.tools = tools
        self.messages: list[Message] = []

    async def generate(self, **options: Any) -> list[LlmEvent]:
        request = ChatRequest(tuple(self.messages), **{"tools": self.tools, "now": NOW} | options)
        events = [event async for event in ExtractiveLlm().generate(request)]
        assert sum(isinstance(event, LlmDone) for event in events) == 1
        assert isinstance(events[-1], LlmDone)
        return events

    async def call(self, utterance: str | None = None, **options: Any) -> tuple[str, dict[str, Any]]:
        """What it calls when it hears ``utterance``, or next."""
        if utterance is not None:
            self.messages.append(UserMessage(utterance))
        events = await self.generate(**options)
        found = [event for event in events if isinstance(event, ToolCallDelta)]
        assert found, "".join(event.text for event in events if isinstance(event, TextDelta))
        assert not any(isinstance(event, TextDelta) for event in events)
        assert events[-1].finish == "tool_calls"  # type: ignore[union-attr]
        arguments = "".join(event.arguments for event in found)
        self.messages.append(AssistantMessage("", (ToolCall(found[0].call_id, found[0].name, arguments),)))
        return found[0].name, json.loads(arguments)

    def output(self, output: Any) -> None:
        last = self.messages[-1]
        assert isinstance(last, AssistantMessage)
        text = output if isinstance(output, str) else json.dumps(output)
        self.messages.append(ToolMessage(last.tool_calls[0].call_id, text))

    async def hear(self, utterance: str | None = None, **options: Any) -> str:
        """What it says to ``utterance``, or next; it may not call anything."""
        if utterance is not None:
            self.messages.append(UserMessage(utterance))
        events = await self.generate(**options)
        assert not any(isinstance(event, ToolCallDelta) for event in events)
        said = "".join(event.text for event in events if isinstance(event, TextDelta))
        self.messages.append(AssistantMessage(said))
        return said

    async def tell(self, utterance: str, output: Any) -> str:
        """What it says after its one call came to ``output``."""
        await self.call(utterance)
        self.output(output)
        return await self.hear()

    async def ask(self, question: str, *passages: dict[str, Any]) -> str:
        return await self.tell(question, {"found": bool(passages), "passages": list(passages)})


# --- from utterances to calls ---------------------------------------------------------------------------------------
def since(day: str, until: str) -> dict[str, str]:
    return {"since": f"2025-{day}T00:00:00+00:00", "until": f"2025-{until}T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("utterance", "tool", "arguments"),
    [
        # Taking notes, typed.
        ("Take a note: call Dr. Smith at 9.", "take_note", {"text": "call Dr. Smith at 9."}),
        ("Please take a note that the ladder needs repair.", "take_note", {"text": "the ladder needs repair."}),
        ("Note that Martha will bring the bread.", "take_note", {"text": "Martha will bring the bread."}),
        ("Note to self: buy milk", "take_note", {"text": "buy milk"}),
        ("Remember that my locker code is 4471.", "take_note", {"text": "my locker code is 4471."}),
        ("Remember to water the plants", "take_note", {"text": "water the plants"}),
        ("Write down: eggs, flour, butter", "take_note", {"text": "eggs, flour, butter"}),
        ("Make a note to order ten bags of clay", "take_note", {"text": "order ten bags of clay"}),
        ("Don't forget the keys are under the mat", "take_note", {"text": "the keys are under the mat"}),
        ("Remind me to call Bob tomorrow", "take_note", {"text": "call Bob tomorrow"}),
        ("Could you add milk to my notes?", "take_note", {"text": "milk"}),
        ("Take a note: is the boiler broken?", "take_note", {"text": "is the boiler broken?"}),
        ("Note that the wifi password is Hunter2!", "take_note", {"text": "the wifi password is Hunter2!"}),
        ("Change the pill note: use token abc?!", "update_note", {"note": "pill", "text": "pill: use token abc?!"}),
        # Taking notes, as recognised.
        ("take a no that the dentist moved to friday at ten", "take_note", {"text": "the dentist moved to friday at ten"}),
        ("take a knot the green boat needs new paint", "take_note", {"text": "the green boat needs new paint"}),
        ("make a not that the pump is loud", "take_note", {"text": "the pump is loud"}),
        ("take a note the locker code is forty four", "take_note", {"text": "the locker code is forty four"}),
        ("note that i parked on level three", "take_note", {"text": "i parked on level three"}),
        ("a note the invoice is due", "take_note", {"text": "the invoice is due"}),
        ("hey vasi can you take a note that lunch is at noon please", "take_note", {"text": "lunch is at noon"}),
        ("remember my passport number is five five nine", "take_note", {"text": "my passport number is five five nine"}),
        ("write down that the projector is lent out until friday", "take_note", {"text": "the projector is lent out until friday"}),
        ("um okay remember that the water pump makes a strange noise", "take_note", {"text": "the water pump makes a strange noise"}),
        ("i want you to write down buy eggs", "take_note", {"text": "buy eggs"}),
        # Finding notes.
        ("What did I note about the dentist?", "search_notes", {"query": "dentist"}),
        ("what did i say about the car", "search_notes", {"query": "car"}),
        ("do i have a note about the car", "search_notes", {"query": "car"}),
        ("do i have a no about the car", "search_notes", {"query": "car"}),
        ("do you remember what i said about the car", "search_notes", {"query": "car"}),
        ("search my notes for the wifi password", "search_notes", {"query": "wifi password"}),
        ("what do my notes say about the wifi", "search_notes", {"query": "wifi"}),
        ("find my note on vacations", "search_notes", {"query": "vacations"}),
        ("is there a note about the meeting on friday", "search_notes", {"query": "meeting on friday"}),
        ("remind me what i said about the dentist", "search_notes", {"query": "dentist"}),
        ("where are my keys according to my notes", "search_notes", {"query": "keys"}),
        ("when did i say the dentist is", "search_notes", {"query": "dentist is"}),
        # Listing notes.
        ("Read my notes.", "list_notes", {}),
        ("what notes do i have", "list_notes", {}),
        ("do i have any notes", "list_notes", {}),
        ("how many notes do i have", "list_notes", {}),
        ("read me my last note", "list_notes", {"limit": 1}),
        ("read my last three notes", "list_notes", {"limit": 3}),
        ("what did i note yesterday", "list_notes", since("11-18", "11-19")),
        ("what did i write down last week", "list_notes", since("11-10", "11-17")),
        ("what did i note on monday", "list_notes", since("11-17", "11-18")),
        ("list all my notes from this week", "list_notes", since("11-17", "11-24")),
        ("show me yesterday's notes", "list_notes", since("11-18", "11-19")),
        ("what have i noted since monday", "list_notes", {"since": "2025-11-17T00:00:00+00:00"}),
        # Changing notes.
        ("change the note about the dentist to friday at ten", "update_note", {"note": "dentist", "text": "dentist: friday at ten"}),
        ("Update the dentist note to say the dentist is on Friday", "update_note", {"note": "dentist", "text": "the dentist is on Friday"}),
        ("the note about the dentist should say dentist on monday", "update_note", {"note": "dentist", "text": "dentist on monday"}),
        ("correct my last note: the meeting is at four", "list_notes", {"limit": 1}),
        ("correct my last note the meeting is at four", "list_notes", {"limit": 1}),
        ("add bring the card to the note about the dentist", "update_note", {"note": "dentist", "append": "bring the card"}),
        # Deleting notes.
        ("Delete the note about the dentist.", "delete_note", {"note": "dentist"}),
        ("delete the no about the dentist", "delete_note", {"note": "dentist"}),
        ("forget what i said about the dentist", "delete_note", {"note": "dentist"}),
        ("please remove my milk note", "delete_note", {"note": "milk"}),
        ("delete my last note", "list_notes", {"limit": 1}),
        # Everything else is for the documents.
        ("How deep is Lake Quill?", "search_knowledge", {"query": "How deep is Lake Quill"}),
        ("how many vacation days do i get", "search_knowledge", {"query": "how many vacation days do i get"}),
        ("can you tell me who keeps the key of the kiln please", "search_knowledge", {"query": "who keeps the key of the kiln"}),
        ("hello what is the deductible", "search_knowledge", {"query": "what is the deductible"}),
        ("tell me about the pension plan", "search_knowledge", {"query": "the pension plan"}),
        ("what time does the pool open", "search_knowledge", {"query": "what time does the pool open"}),
        ("what day is the office closed", "search_knowledge", {"query": "what day is the office closed"}),
        ("remind me what the deductible is", "search_knowledge", {"query": "what the deductible is"}),
        ("can i bring my dog to work", "search_knowledge", {"query": "can i bring my dog to work"}),
        ("what is the rule for taking notes in meetings", "search_knowledge", {"query": "what is the rule for taking notes in meetings"}),
    ],
)  # fmt: skip
async def test_an_utterance_calls_the_right_tool(utterance: str, tool: str, arguments: dict[str, Any]) -> None:
    assert await Talk().call(utterance) == (tool, arguments)


@pytest.mark.parametrize(
    ("utterance", "said"),
    [
        ("what day is it", "Wednesday, November 19, 2025"),
        ("what is the date tomorrow", "Thursday, November 20"),
        ("what time is it", "3:30 PM"),
        ("hello", "Hello"),
        ("thank you very much", "welcome"),
        ("who are you", "vasi"),
        ("what can you do", "documents"),
        ("goodbye", "Goodbye"),
        ("how are you", "well"),
        ("say that again", "not said anything yet"),
        ("stop", "All right."),
        ("", "did not catch"),
        ("take a note", "What shall I write down?"),
        ("scratch that", "nothing to take back"),
    ],
)
async def test_what_needs_no_tool_is_answered_at_once(utterance: str, said: str) -> None:
    assert said in await Talk().hear(utterance)


async def test_without_an_utterance_it_greets() -> None:
    assert "Hello" in await Talk().hear()
    talk = Talk()
    talk.messages.append(SystemMessage("Greet the user."))
    assert "Hello" in await talk.hear()


# --- answers from documents -----------------------------------------------------------------------------------------
async def test_the_answer_is_said_with_its_source() -> None:
    said = await Talk().ask("how much is the dental deductible", HANDBOOK)
    assert "deductible is 250 dollars" in said
    assert said.endswith("That is from the employee handbook, page 6.")
    assert len(said.split()) < 50


async def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    said = await Talk().ask("how much is the deductible", HANDBOOK)
    assert said.index("The dental plan pays") < said.index("Its deductible")


async def test_of_several_passages_the_one_that_answers_is_cited() -> None:
    other = HANDBOOK | {
        "document": "ferry_crew-manual.md",
        "page": None,
        "text": "The lake is 83 metres deep. Bring an anchor.",
        "heading": "",
    }
    said = await Talk().ask("how deep is the lake", HANDBOOK, other)
    assert "83 metres" in said
    assert said.endswith("That is from the ferry crew manual.")


async def test_a_row_of_a_table_answers() -> None:
    row = {"document": "price-list.csv", "page": None, "heading": "", "score": 1.0,
           "text": "Item: Party tent; Members: 35 crowns; Others: 60 crowns\nItem: Cargo bicycle; Members: 5 crowns; Others: 9 crowns"}  # fmt: skip
    said = await Talk().ask("what does the party tent cost for members", row)
    assert "35 crowns" in said
    assert said.endswith("That is from the price list.")


PEOPLE = {"document": "people.csv", "page": None, "heading": "", "score": 1.0,
          "text": "name: Ann Bell; role: treasurer\nname: Carl Dorn; role: lawyer\nname: Eva Lund; role: cook"}  # fmt: skip


async def test_only_the_row_that_holds_what_was_asked_is_read() -> None:
    rules = HANDBOOK | {"heading": "", "text": "We have tried to write them so that nobody needs a lawyer."}
    said = await Talk().ask("Who is the lawyer?", PEOPLE, rules)
    assert said == "Name of lawyer: Carl Dorn. That is from the people."


async def test_all_rows_that_hold_it_alike_are_read() -> None:
    text = PEOPLE["text"].replace("cook", "lawyer")
    said = await Talk().ask("Who is the lawyer?", PEOPLE | {"text": text})
    assert "Carl Dorn" in said
    assert "Eva Lund" in said
    assert "Ann" not in said


MEMBERSHIP = HANDBOOK | {
    "document": "membership-terms.docx", "page": None, "heading": "Leaving",
    "text": "You may leave at the end of any half year. The deposit for the key fob is paid back within fourteen days.",
}  # fmt: skip
FESTIVAL = HANDBOOK | {
    "document": "festival.html", "page": None, "heading": "", "text": "A festival ribbon costs six crowns for all days.",
}  # fmt: skip


@pytest.mark.parametrize("question", ["How many days of leave do I have?", "how many days of annual leave do i get"])
async def test_leaving_is_no_answer_to_a_question_about_leave(question: str) -> None:
    assert (await Talk().ask(question, MEMBERSHIP, FESTIVAL)).startswith(NOT_FOUND)
    rules = HANDBOOK | {"heading": "", "text": "Employees have 25 days of leave a year. Ask Ann about forms."}
    assert "25 days" in await Talk().ask(question, rules, MEMBERSHIP)


async def test_nothing_is_added_from_a_passage_about_something_else() -> None:
    said = await Talk().ask("what does the key fob deposit cost", MEMBERSHIP, FESTIVAL)
    assert "ribbon" not in said
    assert "festival" not in said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What documents do you have?", "can't list your documents"),
        ("list all your documents", "can't list your documents"),
        ("how many files are there", "can't list your documents"),
        ("Summarise the handbook.", "can't summarise without a language model"),
        ("can you give me a short summary of the welcome handbook please", "can't summarise"),
    ],
)
async def test_what_takes_a_language_model_is_said_to(question: str, said: str) -> None:
    assert said in await Talk().hear(question)


@pytest.mark.parametrize("question", ["what documents do i need to join", "who wrote the summary of the meeting"])
async def test_a_question_that_only_names_documents_is_searched(question: str) -> None:
    assert (await Talk().call(question))[0] == "search_knowledge"


async def test_slides_are_called_slides() -> None:
    slide = HANDBOOK | {"document": "rescue-training.pptx", "page": 4, "text": "The Otter goes 25 knots."}
    assert "rescue training, slide 4." in await Talk().ask("how fast does the Otter go", slide)


async def test_a_note_among_the_passages_is_said_to_be_one() -> None:
    mine = {
        "kind": "note",
        "document": "Notes",
        "page": None,
        "heading": "",
        "text": "my locker code is 4471",
        "score": 1.0,
    }
    assert await Talk().ask("what is my locker code", mine) == "You noted: my locker code is 4471."


async def test_a_document_called_notes_is_a_document() -> None:
    lookalike = {"document": "Notes", "page": 2, "heading": "", "text": "The locker code is 4471.", "score": 1.0}
    said = await Talk().ask("what is the locker code", lookalike)
    assert said == "The locker code is 4471. That is from the Notes, page 2."


async def test_what_a_document_says_is_not_what_was_noted() -> None:
    mine = {"kind": "note", "document": "Notes", "page": None, "text": "The meeting is in room five.", "score": 0.9}
    minutes = {
        "document": "minutes.docx",
        "page": None,
        "text": "The meeting was called in due form, as sixty votes were in the room.",
        "score": 0.9,
    }
    assert await Talk().ask("Where is the meeting?", mine, minutes) == "You noted: The meeting is in room five."


BOATS = {
    "document": "ferries.md",
    "page": None,
    "text": "From Monday to Friday the first boat leaves at a quarter past seven. On Sundays the first boat leaves at nine.",
    "score": 0.99,
}


@pytest.mark.parametrize(
    ("noted", "question", "other", "said"),
    [
        (
            "The boat leaves at six tomorrow.",
            "When does the boat leave?",
            BOATS,
            "You noted: The boat leaves at six tomorrow.",
        ),
        ("Order new gloves for the boat.", "When does the boat leave?", BOATS, "ferries."),
        (
            "Anna paid 250 dollars.",
            "What is the deductible of the dental plan?",
            HANDBOOK,
            "employee handbook, page 6.",
        ),
    ],
)
async def test_a_note_of_this_conversation_wins_unless_a_document_clearly_answers_better(
    noted: str, question: str, other: dict[str, Any], said: str
) -> None:
    talk = Talk()
    await talk.tell(f"take a note: {noted}", {"note": note(noted)})
    mine = {"kind": "note", "document": "Notes", "page": None, "heading": "", "text": noted, "score": 0.99}
    answered = await talk.ask(question, other, mine)
    assert answered.endswith(said)
    assert (noted in answered) == said.startswith("You noted")


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("who painted the mona lisa", []),
        ("how many goats live on the farm", [HANDBOOK]),
        ("what is the deductible for pet insurance abroad", [HANDBOOK | {"text": "Maria Lopez keeps the forms."}]),
        ("what year was the dental plan founded", [HANDBOOK]),
    ],
)
async def test_weak_evidence_is_no_answer(question: str, passages: list[dict[str, Any]]) -> None:
    assert (await Talk().ask(question, *passages)).startswith(NOT_FOUND)


async def test_a_search_that_says_found_false_is_believed() -> None:
    talk = Talk()
    said = await talk.tell("how much is the dental deductible", {"found": False, "passages": [HANDBOOK]})
    assert said == f"{NOT_FOUND}. The nearest is in the employee handbook, page 6, about Dental.", "which tells of it"
    said = await talk.tell("how much is the gym allowance", {"found": False, "passages": [HANDBOOK]})
    assert said.startswith(f"{NOT_FOUND}: they say nothing about the gym")


async def test_a_search_that_was_cut_off_is_made_again() -> None:
    talk = Talk()
    searched = await talk.call("how much is the dental deductible")
    talk.output(CUT_OUTPUT)
    assert await talk.call() == searched
    talk.output({"found": True, "passages": [HANDBOOK]})
    assert "250 dollars" in await talk.hear()


async def test_what_was_to_change_something_and_was_cut_off_is_not_done_twice() -> None:
    talk = Talk()
    await talk.call("Take a note: call Dr. Smith at 9.")
    talk.output(CUT_OUTPUT)
    assert "may have" in await talk.hear()


async def test_a_follow_up_is_searched_and_answered_with_the_topic_of_the_question_before() -> None:
    talk = Talk()
    await talk.ask("how much is the deductible for vision", HANDBOOK)
    name, arguments = await talk.call("and for dental?")
    assert name == "search_knowledge"
    assert "deductible" in arguments["query"]
    assert "vision" not in arguments["query"]
    talk.output({"found": True, "passages": [HANDBOOK]})
    assert "250 dollars" in await talk.hear()
    _, arguments = await talk.call("how much is it")
    assert "deductible" in arguments["query"]


async def test_the_last_answer_is_repeated_and_its_source_named_again() -> None:
    talk = Talk()
    said = await talk.ask("how much is the dental deductible", HANDBOOK)
    assert await talk.hear("can you say that again") == said
    assert await talk.hear("where is that from") == "That is from the employee handbook, page 6."


async def test_text_comes_clause_by_clause() -> None:
    talk = Talk()
    await talk.call("how much is the dental deductible")
    talk.output({"found": True, "passages": [HANDBOOK]})
    pieces = [event.text for event in await talk.generate() if isinstance(event, TextDelta)]
    assert len(pieces) >= 3
    assert all(piece.rstrip().endswith((".", ",", ";", ":")) for piece in pieces)


# --- notes ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("utterance", "output", "said"),
    [
        ("take a note that the pump is loud", {"note": note("the pump is loud")}, "Noted: the pump is loud."),
        ("what did i note about the dentist", {"notes": [note("dentist friday at ten")]}, "You noted yesterday: dentist friday at ten."),
        ("what did i note about the dentist", {"notes": []}, "I found no note about dentist."),
        ("read my notes", {"notes": [], "total": 0}, "You have no notes."),
        ("what did i note yesterday", {"notes": [], "total": 0}, "You have no notes from yesterday."),
        ("read my notes", {"notes": [note("buy milk"), note("call Bob")], "total": 2},
         "You have 2 notes. Yesterday: buy milk. Yesterday: call Bob."),
        ("read my notes", {"notes": [note(f"thing {n}") for n in range(9)], "total": 12}, "And 7 more."),
        ("how many notes do i have", {"notes": [note("a")], "total": 40}, "You have 40 notes."),
        ("what was my last note", {"notes": [note("buy milk")], "total": 5}, "Your last note is from yesterday: buy milk."),
        ("delete the note about milk", {"note": note("buy milk")}, "Deleted: buy milk."),
        ("change the note about milk to buy oat milk", {"note": note("buy oat milk")}, "Changed. It now says: buy oat milk."),
        ("delete the note about milk", {"error": "There is no note about milk"}, "There is no note about milk."),
        ("take a note that the pump is loud", {"error": "The disk is full."}, "The disk is full."),
        ("remind me to call bob", {"note": note("call bob")}, "I can't ring you"),
        ("how deep is the lake", {"error": "The search took too long."}, "The search took too long."),
        ("take a note that x is y", "not json at all", "Noted: x is y."),
    ],
)  # fmt: skip
async def test_what_became_of_a_note_is_said(utterance: str, output: Any, said: str) -> None:
    assert said in await Talk().tell(utterance, output)


@pytest.mark.parametrize("command", ["take a note: ", "change the note about milk to: "])
async def test_a_note_that_is_too_long_is_refused_plainly(command: str) -> None:
    said = await Talk().hear(command + "a" * 10_001)
    assert said == "A note may have 10,000 characters, and this one has more: I stored nothing."
    assert MOST_CHARACTERS == 10_000
    name, _ = await Talk().call("take a note: " + "a" * MOST_CHARACTERS)
    assert name == "take_note"


async def test_a_note_found_is_filtered_by_the_day_that_was_asked_for() -> None:
    rows = [
        note("car to the garage", "n1", "2025-11-18T09:00:00+00:00"),
        note("car wash", "n2", "2025-10-01T09:00:00+00:00"),
    ]
    said = await Talk().tell("what did i note about the car yesterday", {"notes": rows})
    assert said == "You noted yesterday: car to the garage."


async def test_the_note_is_asked_for_and_the_next_words_are_it() -> None:
    talk = Talk()
    await talk.hear("take a note")
    assert await talk.call("the pump is loud again") == ("take_note", {"text": "the pump is loud again"})


async def test_after_asking_for_the_note_the_user_may_still_say_never_mind() -> None:
    talk = Talk()
    await talk.hear("take a note")
    assert await talk.hear("never mind") == "All right."


async def test_write_that_down_means_the_last_answer_without_its_source() -> None:
    talk = Talk()
    await talk.ask("how much is the dental deductible", HANDBOOK)
    name, arguments = await talk.call("write that down")
    assert name == "take_note"
    assert "250 dollars" in arguments["text"]
    assert "handbook" not in arguments["text"]


async def test_scratch_that_deletes_the_note_just_taken_and_undo_takes_it_again() -> None:
    talk = Talk()
    await talk.tell("take a note that the pump is loud", {"note": note("the pump is loud", "n7")})
    await talk.hear("thanks")
    assert await talk.call("scratch that") == ("delete_note", {"note": "n7"})
    talk.output({"note": note("the pump is loud", "n7")})
    assert await talk.hear() == "Deleted: the pump is loud."
    assert await talk.call("undo that") == ("undo_last_change", {})


async def test_make_that_changes_the_note_just_taken() -> None:
    talk = Talk()
    await talk.tell("take a note that the dentist is on monday", {"note": note("the dentist is on monday", "n7")})
    assert await talk.call("no make that the dentist is on friday") == (
        "update_note",
        {"note": "n7", "text": "the dentist is on friday"},
    )


async def test_the_last_note_is_looked_up_when_it_was_not_spoken_of() -> None:
    talk = Talk()
    await talk.call("correct my last note: the meeting is at four")
    talk.output({"notes": [note("the meeting is at three", "n3")], "total": 8})
    assert await talk.call() == ("update_note", {"note": "n3", "text": "the meeting is at four"})
    talk.output({"note": note("the meeting is at four", "n3")})
    assert await talk.hear() == "Changed. It now says: the meeting is at four."


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [("the second one", "b"), ("number one", "a"), ("the one about work", "b"), ("the last one", "b")],
)
async def test_which_of_several_notes_is_asked_and_the_choice_understood(choice: str, chosen: str) -> None:
    talk = Talk()
    rows = [note("dentist for the children", "a"), note("dentist after work", "b")]
    said = await talk.tell("delete the note about the dentist", {"error": "Two notes fit.", "candidates": rows})
    assert "Which one" in said
    assert "1: dentist for the children. 2: dentist after work." in said
    assert await talk.call(choice) == ("delete_note", {"note": chosen})
    talk.output({"note": rows[chosen == "b"]})
    assert (await talk.hear()).startswith("Deleted: dentist")


async def test_an_answer_is_not_done_twice_when_asked_to_go_on() -> None:
    talk = Talk()
    await talk.tell("take a note that the pump is loud", {"note": note("the pump is loud")})
    assert "Noted" in await talk.hear()


# --- tools that are there, forced, forbidden or unknown -------------------------------------------------------------
WEATHER = ToolSpec(
    "get_weather",
    "The weather.",
    {
        "type": "object",
        "properties": {
            "place": {"type": "string"},
            "days": {"type": "integer", "minimum": 1},
            "unit": {"enum": ["celsius", "fahrenheit"]},
            "details": {"type": "object", "properties": {"wind": {"type": "boolean"}}, "required": ["wind"]},
            "comment": {"type": "string"},
        },
        "required": ["place", "days", "unit", "details"],
    },
)


async def test_without_tools_it_says_what_it_can_do() -> None:
    assert "only answer from your documents and notes" in await Talk(()).hear("how deep is the lake")
    assert "can't get at your notes" in await Talk(()).hear("take a note that the pump is loud")


async def test_tool_choice_none_calls_nothing() -> None:
    assert "only answer" in await Talk().hear("how deep is the lake", tool_choice="none")


async def test_a_clients_tool_is_not_called_on_its_own_account() -> None:
    assert "only answer" in await Talk((WEATHER,)).hear("what is the weather in Oslo")


async def test_a_forced_tool_is_called_with_its_required_parameters() -> None:
    talk = Talk((*TOOLS, WEATHER))
    name, arguments = await talk.call("weather in Oslo for three days in fahrenheit please", tool_choice="get_weather")
    assert name == "get_weather"
    assert arguments == {
        "place": "weather in Oslo for three days in fahrenheit",
        "days": 3,
        "unit": "fahrenheit",
        "details": {"wind": True},
    }
    talk.output({"sky": "clear", "degrees": 41, "rain": False})
    assert await talk.hear(tool_choice="get_weather") == "sky: clear, degrees: 41, rain: no."


async def test_required_calls_the_tool_that_fits_and_only_once_a_turn() -> None:
    talk = Talk()
    assert (await talk.call("how are you", tool_choice="required"))[0] == "search_knowledge"
    talk.output({"found": False, "passages": []})
    assert (await talk.hear(tool_choice="required")).startswith(NOT_FOUND)
    assert (await Talk().call("take a note that x", tool_choice="required"))[0] == "take_note"
    assert (await Talk((WEATHER,)).call("hello", tool_choice="required"))[0] == "get_weather"
    lamp = ToolSpec("light_lamp", "Turns on a lamp in a room.", {"type": "object"})
    assert (await Talk((WEATHER, lamp)).call("it is dark in this room", tool_choice="required"))[0] == "light_lamp"


async def test_a_function_that_is_insisted_on_after_another_one_is_called() -> None:
    talk = Talk((*TOOLS, WEATHER))
    await talk.call("how deep is the lake", tool_choice="required")
    talk.output({"found": False, "passages": []})
    assert (await talk.call(tool_choice="get_weather"))[0] == "get_weather"


@pytest.mark.parametrize(
    ("output", "said"), [("It is sunny.", "It is sunny."), ('{"message": "Done so."}', "Done so."), ("[1, 2]", "1, 2")]
)
async def test_what_an_unknown_tool_answers_is_said(output: str, said: str) -> None:
    talk = Talk((WEATHER,))
    await talk.call("weather in Oslo", tool_choice="get_weather")
    talk.output(output)
    assert await talk.hear() == said


@pytest.mark.parametrize("limit", [1, 3, 10])
async def test_the_token_limit_ends_the_answer(limit: int) -> None:
    talk = Talk()
    await talk.call("how much is the dental deductible")
    talk.output({"found": True, "passages": [HANDBOOK]})
    events = await talk.generate(max_output_tokens=limit)
    end = events[-1]
    assert isinstance(end, LlmDone)
    assert end.finish == "length"
    assert 0 < end.output_tokens <= limit
    whole = await talk.hear()
    assert whole.startswith("".join(event.text for event in events if isinstance(event, TextDelta)))


# --- whatever comes -------------------------------------------------------------------------------------------------
_OUTPUTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["found", "passages", "notes", "note", "error", "candidates", "text", "page", "document", "id", "total"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
_UTTERANCES = st.text(max_size=80) | st.lists(
    st.sampled_from(
        [
            "take",
            "a",
            "note",
            "that",
            "what",
            "did",
            "i",
            "about",
            "the",
            "delete",
            "change",
            "to",
            "last",
            "it",
            "and",
            "undo",
        ]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(_UTTERANCES, st.sampled_from([*SERVER_TOOLS, "other"]), _OUTPUTS | st.text(max_size=20)), max_size=3
    ),
    _UTTERANCES,
    st.sampled_from(["auto", "none", "required", "take_note"]),
    st.none() | st.integers(0, 20),
)
async def test_any_conversation_ends_with_one_done(
    turns: list[tuple[str, str, Any]], utterance: str, choice: str, limit: int | None
) -> None:
    talk = Talk()
    for number, (said, tool, output) in enumerate(turns):
        text = output if isinstance(output, str) else json.dumps(output)
        talk.messages += [
            UserMessage(said),
            AssistantMessage("", (ToolCall(f"c{number}", tool, text),)),
            ToolMessage(f"c{number}", text),
        ]
    await talk.generate(tool_choice=choice)
    talk.messages.append(UserMessage(utterance))
    events = await talk.generate(tool_choice=choice, max_output_tokens=limit)
    for event in events:
        if isinstance(event, ToolCallDelta):
            assert choice != "none"
            assert event.name in SERVER_TOOLS


# --- where something stands -----------------------------------------------------------------------------------------
async def test_the_place_of_something_is_told_with_its_sentence() -> None:
    talk = Talk()
    name, arguments = await talk.call("Which page tells about cleanings?")
    assert (name, arguments) == ("search_knowledge", {"query": "cleanings"})
    elsewhere = HANDBOOK | {"id": "p20", "page": 9, "heading": "", "text": "Cleanings are booked at the desk."}
    unrelated = HANDBOOK | {"id": "p21", "page": 8, "heading": "", "text": "The gym opens at six."}
    talk.output({"found": True, "passages": [HANDBOOK, unrelated, elsewhere]})
    said = await talk.hear()
    assert said.startswith("That is in the employee handbook, pages 6 and 9. ")
    assert "two cleanings a year" in said
    assert await talk.hear("Which page is that on?") == "That is in the employee handbook, pages 6 and 9."


async def test_what_stands_nowhere_has_no_place() -> None:
    nothing = f"{NOT_FOUND}: they say nothing about the unicorn."
    assert await Talk().ask("Where is the unicorn mentioned?", HANDBOOK) == nothing


@pytest.mark.parametrize(
    ("occasion", "answer"), [("silence", "Are you still there?"), ("noise", "Hello. What would you like to know?")]
)
async def test_what_is_told_in_the_users_name_is_not_taken_for_a_question(occasion: Any, answer: str) -> None:
    messages = (UserMessage("hello"), AssistantMessage("Hello."), UserMessage("(Nobody spoke.)"))
    request = ChatRequest(messages, TOOLS, now=NOW, occasion=occasion)
    events = [event async for event in ExtractiveLlm().generate(request)]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == answer

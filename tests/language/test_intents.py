"""Utterances, typed and recognised, and what they ask for."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.followups import in_context, resolve
from vasi.language.grammar import understand
from vasi.language.intents import (
    THAT,
    About,
    AskClock,
    ChangeNote,
    DeleteNote,
    DeleteNotes,
    FindNotes,
    Intent,
    ListNotes,
    Question,
    Repeat,
    SmallTalk,
    TakeNote,
    Undo,
)
from vasi.language.speakable import speakable, spoken_name

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("utterance", "intent"),
    [
        ("take a knot that the pump is loud", TakeNote("the pump is loud")),
        ("Write that down.", TakeNote("", refers_back=True)),
        ("take a note", TakeNote("")),
        ("remind me to call Bob tomorrow", TakeNote("call Bob tomorrow", reminder=True)),
        ("put eggs in my notes", TakeNote("eggs")),
        ("note how to reset the router", TakeNote("how to reset the router")),
        ("remember: two\nlines", TakeNote("two\nlines")),
        ("make that friday", ChangeNote(THAT, "friday", needs_note=True)),
        (
            "add bring the card to the note about the dentist",
            ChangeNote(About("dentist"), "bring the card", append=True),
        ),
        ("the note about the dentist should say friday", ChangeNote(About("dentist"), "friday")),
        ("delete all my notes", DeleteNotes()),
        ("delete a note", DeleteNote(None)),
        ("undo", Undo()),
        ("remove the milk note", DeleteNote(About("milk"))),
        ("what's the date tomorrow", AskClock("date", 1)),
        ("what time is it please", AskClock("time")),
        ("hello", SmallTalk("hello")),
        ("hey there, how are you?", SmallTalk("wellbeing")),
        ("thank you very much", SmallTalk("thanks")),
        ("who are you", SmallTalk("identity")),
        ("what can you do for me", SmallTalk("abilities")),
        ("good bye", SmallTalk("goodbye")),
        ("never mind", SmallTalk("stop")),
        ("stop talking please", SmallTalk("stop")),
        ("um", SmallTalk("acknowledge")),
        ("  ... ?", SmallTalk("nothing")),
        ("sorry what was that", Repeat()),
        ("say that again please", Repeat()),
        ("where is that from", Repeat(source=True)),
        ("which page is that on", Repeat(source=True)),
        ("how many notes do i have", ListNotes(count=True)),
        ("read my last three notes", ListNotes(limit=3)),
        ("do you remember where my keys are", FindNotes("my keys are")),
        ("Could you please tell me how deep the lake is?", Question("how deep the lake is")),
        ("tell me about the pension plan", Question("the pension plan")),
        ("hello what is the deductible", Question("what is the deductible")),
        # Questions that only look like commands.
        ("what time does the pool open", Question("what time does the pool open")),
        ("what day is the office closed", Question("what day is the office closed")),
        ("make no mistake how long is the warranty", Question("make no mistake how long is the warranty")),
        ("what do i take for a headache", Question("what do i take for a headache")),
        ("what is the policy on taking notes", Question("what is the policy on taking notes")),
        ("who wrote the handbook", Question("who wrote the handbook")),
        ("can i delete my account", Question("can i delete my account")),
    ],
)
def test_an_utterance_is_understood(utterance: str, intent: Intent) -> None:
    understood = understand(utterance, NOW)
    if isinstance(intent, FindNotes) and isinstance(understood, FindNotes):
        assert understood.query.removeprefix("my ") == intent.query.removeprefix("my ")
    else:
        assert understood == intent


@pytest.mark.parametrize(
    ("utterance", "text"),
    [
        ("take a note: is the boiler broken?", "is the boiler broken?"),
        ("Note that the wifi password is Hunter2!", "the wifi password is Hunter2!"),
        ("take a  note\nthat a  b\n\nc?", "a  b\n\nc?"),
        ("take a note - -5 degrees in the shed", "-5 degrees in the shed"),
        ("note: “quoted”, he’s \tright…", "“quoted”, he’s \tright…"),
        ("Could you please take a note: Ready? please", "Ready? please"),
        ("please take a note: plan B, according to my notes", "plan B, according to my notes"),
        ("write this down: https://example.org/a?b=1&c=/", "https://example.org/a?b=1&c=/"),
        ("remember: - milk\n- eggs;", "- milk\n- eggs;"),
        ("take a note: ?", "?"),
        ("take a note!", ""),
        ("remind me: call Bob?!", "call Bob?!"),
    ],
)
def test_a_note_keeps_every_character(utterance: str, text: str) -> None:
    understood = understand(utterance, NOW)
    assert isinstance(understood, TakeNote)
    assert understood.text == text


@given(st.text(max_size=600), st.sampled_from(["take a note:", "Hey Vasi, please take a note:\n", "Note to self: "]))
def test_whatever_stands_after_the_colon_is_the_note(text: str, command: str) -> None:
    understood = understand(command + text, NOW)
    assert isinstance(understood, TakeNote)
    assert understood.text == text.strip()


@pytest.mark.parametrize(
    ("utterance", "change"),
    [
        ("change the pill note: use token abc?!", ChangeNote(About("pill"), "use token abc?!", dictated=True)),
        (
            "change the note about the dentist to say: 10:30  sharp!",
            ChangeNote(About("dentist"), "10:30  sharp!", dictated=True),
        ),
        ("change the note about the dentist to why not?", ChangeNote(About("dentist"), "why not?")),
        (
            "change the note about the dentist to friday: bring the card",
            ChangeNote(About("dentist"), "friday: bring the card"),
        ),
        (
            "change the note about the dentist: " + "a  b? " * 99 + "!",
            ChangeNote(About("dentist"), "a  b? " * 99 + "!", dictated=True),
        ),
        ("make that friday!", ChangeNote(THAT, "friday!", needs_note=True)),
        ("add card #4!? to the note about the dentist", ChangeNote(About("dentist"), "card #4!?", append=True)),
    ],
)
def test_a_changed_note_keeps_every_character(utterance: str, change: ChangeNote) -> None:
    assert understand(utterance, NOW) == change


def test_a_day_in_the_topic_is_what_the_note_says_not_when_it_was_taken() -> None:
    assert understand("what did i note about the meeting on friday", NOW) == FindNotes("meeting on friday")
    taken = understand("what did i note about the meeting yesterday", NOW)
    assert isinstance(taken, FindNotes)
    assert taken.query == "meeting"
    assert taken.period
    assert taken.period.since == datetime(2025, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        ("how much is the deductible for vision", "and for dental?", "how much is the deductible for dental"),
        (
            "how many days off do employees get",
            "what about contractors",
            "how many days off do employees get contractors",
        ),
        ("who runs the garden centre", "when does it open", "when does it open runs garden centre"),
        ("how much is the guest bed", "how much is it for members", "how much is it for members guest bed"),
        ("how deep is the lake", "why", "why deep lake"),
        # These stand on their own.
        ("how deep is the lake", "who keeps the key of the kiln", "who keeps the key of the kiln"),
        (
            "how deep is the lake",
            "is it allowed to bring a dog on the ferry",
            "is it allowed to bring a dog on the ferry",
        ),
        ("", "and for dental?", "and for dental?"),
    ],
)
def test_a_question_takes_its_topic_from_the_one_before(before: str, question: str, resolved: str) -> None:
    assert in_context(question, before) == resolved


def test_the_topic_carries_over_several_questions() -> None:
    resolved = resolve(["how much is the ticket for adults", "and for children", "what about dogs"])
    assert "dogs" in resolved
    assert "ticket" in resolved
    assert "adults" not in resolved


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("- Mara Stonebridge, chair", "Mara Stonebridge, chair."),
        ("Call `__init__` with a * b", "Call `__init__` with a * b."),
        ("Pay 25 % by 3/4, e.g. at https://example.org/x_y", "Pay 25 % by 3/4, e.g. at https://example.org/x_y."),
        ("冬は閉まる", "冬は閉まる。"),
        ("It says\nso\there.", "It says so here."),
        ("Keep snake_case and 2 * 3 as they are.", "Keep snake_case and 2 * 3 as they are."),
        ('He said "no."', 'He said "no."'),
        ("北京是首都。", "北京是首都。"),
        ("---", ""),
    ],
)
def test_what_is_quoted_is_a_sentence_and_else_as_it_stands(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


def test_of_a_very_long_sentence_the_clauses_about_the_question_are_kept() -> None:
    filler = "; ".join(f"member {n} brings soup and bread on day {n} of the week" for n in range(12))
    spoken = speakable(f"{filler}; the spare key hangs behind the blue door; {filler}", "where is the spare key")
    assert "the spare key hangs behind the blue door" in spoken
    assert len(spoken.split()) <= 45


def test_files_are_named_without_extension_and_dashes() -> None:
    assert spoken_name("employee-handbook_2024.pdf") == "employee handbook 2024"
    assert spoken_name("board/minutes-2024/report.pdf") == "report in board minutes 2024"
    assert spoken_name("report (2).pdf") == "report 2"
    assert spoken_name("Plan v1.2") == "Plan v1.2"


@given(st.text(max_size=200))
def test_any_text_has_an_intent_and_can_be_made_speakable(text: str) -> None:
    assert understand(text, NOW) is not None
    assert isinstance(speakable(text, text), str)
    assert isinstance(in_context(text, text), str)


@pytest.mark.parametrize(
    "text",
    [
        "change the note about " + "a to " * 5000,
        "delete " + "the " * 5000,
        "please " * 5000,
        "take a note " + " " * 20000 + "x",
        "<" * 20000,
        "[" * 20000,
        "what did i note " + "on the last monday " * 2000,
        "remember " + "x, please " * 3000,
    ],
)
def test_hostile_length_does_not_stall_it(text: str) -> None:
    begun = time.process_time()
    understand(text, NOW)
    speakable(text)
    assert time.process_time() - begun < 1

"""What is about notes, and what only sounds so: questions about documents that speak of notes, lists and deleting."""

# ruff: noqa: E501 - a row of a table reads better on one line

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vasi.language.grammar import commands
from vasi.language.intents import (
    NOTE_COMMANDS,
    ChangeNote,
    DeleteNote,
    DeleteNotes,
    EditList,
    FindNotes,
    Intent,
    ListNotes,
    NotesHelp,
    ReadList,
    ReadNote,
    RenameNote,
    ReplaceWords,
    TakeNote,
    Undo,
)

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)

COMMANDS: dict[type, tuple[str, ...]] = {
    TakeNote: (
        "Make a note that the boiler man comes at ten",
        "could you jot down that Eva likes tulips?",
        "I'd like you to write down the code 4711",
        "please remember that the spare tyre is flat",
        "Would you take a note: bring the drill",
        "note to self: renew the passport",
    ),
    FindNotes: (
        "What have I noted about the boiler?",
        "do I have a note about tulips",
        "look in my notes for the code",
        "where did I write down the passport number",
    ),
    ListNotes: ("read me my notes", "what did I note yesterday?", "how many notes are there", "my last two notes", "show me my oldest note"),
    ReadNote: ("read the third note", "what does that note say?", "read that note again", "tell me the second one"),
    ChangeNote: (
        "Change the boiler note to Tuesday",
        "no, I meant Tuesday",
        "sorry, I meant at eleven",
        "make that Wednesday",
        "add bring gloves to the boiler note",
        "append the address to the note about Eva",
        "the note about the drill should say bring the big drill",
        "change the second note to call Eva",
        "update that note: it is done",
    ),
    ReplaceWords: (
        "In the note about Eva, replace tulips with roses",
        "replace tulips with roses in my note about Eva",
        "in that note, change tulips to roses",
    ),
    RenameNote: ("rename the note about Eva to garden", "Rename the shopping list to groceries", "call that note garden"),
    DeleteNote: (
        "delete it",
        "Get rid of this note",
        "no, delete that",
        "scrap the note about tulips".replace("scrap", "erase"),
        "remove that note please",
        "forget that note",
        "Can you delete the boiler note?",
        "delete my oldest note",
        "delete note two",
        "drop the packing list",
        "forget what I said about Eva",
    ),
    DeleteNotes: ("delete everything", "delete all my notes", "remove the last three notes", "delete the two oldest notes", "erase all notes about the boiler"),
    EditList: (
        "add cheese to the shopping list",
        "put cheese and ham on my list",
        "We need salt on the grocery list",
        "take cheese off the shopping list",
        "remove ham from my list please",
        "tick off cheese",
        "check cheese off",
        "mark salt as done",
        "cross ham off the shopping list",
        "clear my shopping list",
        "remove everything from the to do list",
        "start a packing list: tent, rope",
        "make me a new to-do list with call Eva and pay rent",
    ),
    ReadList: ("what's on my shopping list", "read the shopping list", "is cheese on the shopping list?", "what is still on my packing list"),
    Undo: ("undo", "undo that", "take that back", "bring it back", "revert that", "scratch that", "undo the last change", "put it back the way it was"),
    NotesHelp: (
        "sort my notes by date",
        "email my notes to Eva",
        "merge the two notes about Eva",
        "translate that note into French",
        "are my notes encrypted?",
        "pin the note about the boiler",
        "could you print my notes",
    ),
}  # fmt: skip
QUESTIONS = (
    "what does the note on page 3 say",
    "What does note 12 to the accounts say about leases?",
    "what are the notes to the financial statements",
    "who signed the delivery note?",
    "Is there a note in the manual about frost?",
    "which chapter notes that water is scarce",
    "what is noted in the minutes of March",
    "How do I add a footnote to a document?",
    "how do I delete my account",
    "can I delete a booking",
    "when must backups be deleted?",
    "what happens if I remove the battery",
    "how do I remove the cover",
    "how do I undo the safety catch?",
    "What is on the menu on Friday?",
    "what is on page 17",
    "Which items are on the packing slip?",
    "who is on the list of members of the board",
    "how long is the waiting list",
    "how many names are on the guest list",
    "What does the author note about silence?",
    "what is a credit note",
    "does the contract mention a promissory note",
    "when are bank notes exchanged",
    "who takes the notes at meetings",
    "what is the rule for taking notes in meetings",
    "may I change the date of my booking",
    "how do I change the filter",
    "How can I update the firmware?",
    "who can change the minutes",
    "what did the inspector note about the roof",
    "what should be noted when the boat is returned",
    "what does it say about notes of absence",
    "is a doctor's note needed",
    "when do I need a sick note",
    "what is the notice period",
    "who do I call for a lost key",
    "what do I have to take to the exam",
    "how do I read the meter",
    "who reads the meters",
    "what is the last date for returns",
    "What was the second proposal?",
    "which one is cheaper",
    "what is the first thing to do in a fire",
    "list the members of the board",
    "read the first paragraph of the contract",
    "show me the third chapter",
    "tell me about the release notes",
    "what do the release notes say about passwords",
    "summarise the notes on page 4 of the report",
)


@pytest.mark.parametrize(
    ("kind", "utterance"), [(kind, said) for kind, all_said in COMMANDS.items() for said in all_said]
)
def test_a_command_about_notes_is_understood(kind: type[Intent], utterance: str) -> None:
    (understood,) = commands(utterance, NOW)
    assert isinstance(understood, kind), understood


@pytest.mark.parametrize("utterance", QUESTIONS)
def test_a_question_about_documents_stays_one(utterance: str) -> None:
    (understood,) = commands(utterance, NOW)
    leans_on_a_list = isinstance(understood, ReadList) and not understood.own
    assert not isinstance(understood, NOTE_COMMANDS) or leans_on_a_list, understood


@pytest.mark.parametrize(
    ("utterance", "kinds"),
    [
        ("Delete the note about the key and take a note: the key is with Ann", (DeleteNote, TakeNote)),
        ("delete that and add milk to the shopping list", (DeleteNote, EditList)),
        ("Add milk to the shopping list, remove bread and tick off eggs.", (EditList, EditList, EditList)),
        ("Read my notes and then delete the second one", (ListNotes, DeleteNote)),
        ("undo that and read my notes", (Undo, ListNotes)),
        ("take a note: buy milk and delete the app", (TakeNote,)),
        ("remember that Tom bakes and delete the milk note", (TakeNote, DeleteNote)),
        ("take a note that we add salt and remove the lid", (TakeNote,)),
        ("what did I note about bread and what is on my shopping list", (FindNotes, ReadList)),
    ],
)
def test_several_commands_are_parted(utterance: str, kinds: tuple[type, ...]) -> None:
    assert tuple(type(command) for command in commands(utterance, NOW)) == kinds

"""Notes by voice: whole talks, sentence by sentence, as users have them."""

# ruff: noqa: E501 - a row of a table reads better on one line

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notes.talks import note_talk

WHICH = "I have several notes like that. Which one do you mean? "
MILK_AND_LADDER = (
    ("Take a note: the milk is in the shed.", "Noted: the milk is in the shed."),
    ("Take a note: the ladder is in the barn.", "Noted: the ladder is in the barn."),
)
LADDER = ["the ladder is in the barn."]
NO_GAS_BILL = "There is no note about 'gas bill'. The nearest says: the gas meter reads 4711."
TALKS: dict[str, tuple[tuple[tuple[str, str], ...], list[str]]] = {
    "that note is the one read out": (
        (
            *MILK_AND_LADDER,
            ("What did I note about milk?", "You noted today: the milk is in the shed."),
            ("Delete that note.", "Deleted: the milk is in the shed."),
            ("Delete that.", "That note is deleted already: the milk is in the shed. Which note do you mean?"),
        ),
        LADDER,
    ),
    "that note is the one changed, whatever was said since": (
        (
            *MILK_AND_LADDER,
            ("Change the milk note to say the milk is gone.", "Changed. It now says: the milk is gone."),
            ("thanks", "You're welcome."),
            ("How many notes do I have?", "You have 2 notes."),
            ("What did I note about penguins?", "I found no note about penguins."),
            ("Get rid of that note.", "Deleted: the milk is gone."),
        ),
        LADDER,
    ),
    "the note that answered a question is the one spoken of": (
        (
            *MILK_AND_LADDER,
            ("Where is the milk?", "You noted: the milk is in the shed."),
            ("No, delete that.", "Deleted: the milk is in the shed."),
        ),
        LADDER,
    ),
    "where several were read out it is asked which": (
        (
            *MILK_AND_LADDER,
            ("Read my notes.", "You have 2 notes. Today: the ladder is in the barn. Today: the milk is in the shed."),
            ("Delete it.", WHICH + "1: the ladder is in the barn. 2: the milk is in the shed."),
            ("the second one", "Deleted: the milk is in the shed."),
        ),
        LADDER,
    ),
    "of those read out one is told by its place": (
        (
            *MILK_AND_LADDER,
            ("Read my notes.", "You have 2 notes. Today: the ladder is in the barn. Today: the milk is in the shed."),
            ("Read the second one.", "You noted today: the milk is in the shed."),
            ("Change that note: the milk is sour", "Changed. It now says: the milk is sour."),
            ("Delete my oldest note.", "Deleted: the milk is sour."),
            ("Delete the fifth note.", "I found no such note."),
        ),
        LADDER,
    ),
    "nothing was spoken of": (
        (
            ("Delete that note.", "Which note do you mean? Tell me what it is about."),
            ("Undo that.", "There is nothing to take back."),
            ("Forget it.", "All right."),
        ),
        [],
    ),
    "a change is taken back, and done again": (
        (
            *MILK_AND_LADDER,
            ("Change the milk note to say the milk is gone.", "Changed. It now says: the milk is gone."),
            ("Undo that.", "Undone. The note says again: the milk is in the shed."),
            ("Undo that.", "Undone. The note says again: the milk is gone."),
            ("Scratch that.", "Undone. The note says again: the milk is in the shed."),
        ),
        ["the milk is in the shed.", *LADDER],
    ),
    "the topic of a note stays": (
        (
            ("Take a note: the dentist moved to Thursday at nine.", "Noted: the dentist moved to Thursday at nine."),
            ("Change the dentist note: it is Friday at nine.", "Changed. It now says: dentist: it is Friday at nine."),
            ("Change that note to say it is Monday at ten.", "Changed. It now says: dentist: it is Monday at ten."),
            ("What did I note about the dentist?", "You noted today: dentist: it is Monday at ten."),
        ),
        ["dentist: it is Monday at ten."],
    ),
    "what was meant is put in the place of what was said": (
        (
            ("Take a note: call Tom on Thursday at nine", "Noted: call Tom on Thursday at nine."),
            ("No, I meant Friday.", "Changed. It now says: call Tom on Friday at nine."),
            ("Sorry, I meant Tim", "Changed. It now says: call Tim on Friday at nine."),
            ("make that half past ten", "Changed. It now says: call Tim on Friday at half past ten."),
            ("forget it", "Deleted: call Tim on Friday at half past ten."),
        ),
        [],
    ),
    "which of two was meant holds for what was to be done": (
        (
            ("Take a note: dentist for the children", "Noted: dentist for the children."),
            ("Take a note: dentist after work", "Noted: dentist after work."),
            (
                "Change the dentist note to Monday at nine.",
                WHICH + "1: dentist after work. 2: dentist for the children.",
            ),
            ("the one for the children", "Changed. It now says: dentist: Monday at nine."),
            ("undo", "Undone. The note says again: dentist for the children."),
        ),
        ["dentist for the children", "dentist after work"],
    ),
    "an exact match wins": (
        (
            ("Take a note: buy milk and eggs", "Noted: buy milk and eggs."),
            ("Take a note: buy milk", "Noted: buy milk."),
            ("Delete the note about buy milk.", "Deleted: buy milk."),
        ),
        ["buy milk and eggs"],
    ),
    "several notes are deleted after a yes alone": (
        (
            *MILK_AND_LADDER,
            ("Delete all my notes.", "That would delete all your 2 notes. Shall I?"),
            ("No.", "All right, I keep them."),
            ("Yes.", "All right."),
            (
                "Delete the last two notes",
                "That would delete 2 notes. the ladder is in the barn. the milk is in the shed. Shall I?",
            ),
            ("What did I note about milk?", "You noted today: the milk is in the shed."),
            ("Yes, please.", "All right."),
            ("Erase all notes about milk.", "That would delete one note: the milk is in the shed. Shall I?"),
            ("Yes, please.", "Deleted one note."),
            ("Undo that.", "Undone. It is back: the milk is in the shed."),
            ("Delete everything", "That would delete all your 2 notes. Shall I?"),
            ("go ahead", "Deleted 2 notes."),
            ("Read my notes.", "You have no notes."),
            ("Bring them back.", "Undone. 2 notes are back."),
        ),
        ["the milk is in the shed.", *LADDER],
    ),
    "words are replaced and notes renamed": (
        (
            ("Take a note: Tom owes me 20 euros.", "Noted: Tom owes me 20 euros."),
            ("In my note about Tom, replace Tom with Tim.", "Changed. It now says: Tim owes me 20 euros."),
            ("Replace 20 with 25.", "Changed. It now says: Tim owes me 25 euros."),
            ("In that note, replace Eva with Ann.", "The note doesn't say 'Eva'. It says: Tim owes me 25 euros."),
            ("Rename the note about Tim to debts.", "Changed. It now says: debts: Tim owes me 25 euros."),
            ("What did I note about debts?", "You noted today: debts: Tim owes me 25 euros."),
        ),
        ["debts: Tim owes me 25 euros."],
    ),
    "a shopping list": (
        (
            ("What's on my shopping list?", "You have no shopping list."),
            ("Put honey and two litres of milk on my shopping list.", "Added honey and two litres of milk to your shopping list."),
            ("Add pears to the shopping note.", "Changed. It now says: Shopping list: honey, two litres of milk and pears."),
            ("Tick off milk", "Ticked off milk on your shopping list."),
            ("Remove pears and add bread.", "Removed pears from your shopping list. Added bread to your shopping list."),
            ("Is there bread on my shopping list?", "Yes, bread is on your shopping list."),
            ("What is on the list?", "On your shopping list: honey and bread. Ticked off: two litres of milk."),
            ("Remove caviar from the shopping list.", "caviar is not on the shopping list."),
            ("Clear the list.", "Cleared your shopping list."),
            ("Undo", "Undone. The note says again: Shopping list: honey and bread; ticked off: two litres of milk."),
            ("Delete the shopping list.", "Deleted: Shopping list: honey and bread; ticked off: two litres of milk."),
        ),
        [],
    ),
    "a list is told from others by its name, not by being a list": (
        (
            ("Put bread on my shopping list.", "Added bread to your shopping list."),
            ("What is on my packing list?", "You have no packing list."),
            ("Remove bread from my packing list.", "There is no list called 'packing list'."),
            ("Put milk on my to do list.", "Added milk to your to do list."),
            ("Put tent on my camping list.", "Added tent to your camping list."),
            ("Delete the gift list.", "There is no list called 'gift list'."),
            ("What is on my camping list?", "On your camping list: tent."),
            ("Delete the camping list.", "Deleted: Camping list: tent."),
        ),
        ["Shopping list:\n- bread", "To do list:\n- milk"],
    ),
    "a note that shares a word with what is asked for is not deleted or changed": (
        (
            ("Take a note: the gas meter reads 4711.", "Noted: the gas meter reads 4711."),
            ("Delete the note about the gas bill.", NO_GAS_BILL),
            ("Change the gas bill note to 12.", NO_GAS_BILL),
            ("Add paid to the note about the gas bill.", NO_GAS_BILL),
            ("In the note about the gas bill, replace 4711 with 3.", NO_GAS_BILL),
            ("Rename the note about the gas bill to money.", NO_GAS_BILL),
            ("Delete all notes about the gas bill.", "I found no note about gas bill."),
            ("Take a note: the water meter reads 12.", "Noted: the water meter reads 12."),
            ("Delete the note about the water meters.", "Deleted: the water meter reads 12."),
        ),
        ["the gas meter reads 4711."],
    ),
    "several commands in a sentence": (
        (
            *MILK_AND_LADDER,
            (
                "Delete the note about milk and take a note: the milk is with Ann.",
                "Deleted: the milk is in the shed. Noted: the milk is with Ann.",
            ),
            ("Undo that and read my notes", "Undone. I deleted: the milk is with Ann. You have one note. Today: the ladder is in the barn."),
            ("Delete the note about cheese and take a note: x y", "There is no note about 'cheese'. Noted: x y."),
        ),
        [*LADDER, "x y"],
    ),
    "what isn't understood about notes": (
        (
            ("Take a note: the office opens at ten", "Noted: the office opens at ten."),
            ("Sort my notes by date.", "With notes I can do this: *"),
            ("Email the note about the office to Tom.", "With notes I can do this: *"),
            ("Can you write down that the code is Tr0ub4dor&3?", "Noted: the code is Tr0ub4dor&3."),
        ),
        ["the office opens at ten", "the code is Tr0ub4dor&3"],
    ),
    "a list of a document is read from it": (
        (("What is on the price list?", "The price list has tents and ropes. That is from the handbook."),),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_a_talk_about_notes(tmp_path: Path, name: str) -> None:
    said, left = TALKS[name]
    async with note_talk(tmp_path, "The price list has tents and ropes.", "The office opens at nine.") as talk:
        for utterance, answer in said:
            heard = await talk.say(utterance)
            assert heard.startswith(answer[:-1]) if answer.endswith("*") else heard == answer, utterance
        assert await talk.texts() == left

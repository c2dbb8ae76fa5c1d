"""The language of a conversation: told, heard or set, and carried to the engines."""

from __future__ import annotations

import pytest

from tests.conversation.driver import Driver
from vasi.conversation import effects as do
from vasi.conversation.spoken_language import base_language, clause_language, language_after


def told(language: str) -> dict[str, object]:
    """A session that says what is spoken."""
    return {"audio": {"input": {"transcription": {"language": language}}}}


def spoken_with(driver: Driver) -> list[str | None]:
    """The languages of the clauses so far."""
    return [effect.language for effect in driver.wishes if isinstance(effect, do.Speak)]


def test_what_the_client_says_it_speaks_holds_whatever_is_heard():
    driver = Driver(language="fr", **told("de-DE"))
    driver.speaks()
    assert driver.last(do.OpenUtterance).language == "de"
    driver.recognises("What is on the list today?", language="en")
    assert driver.last(do.Generate).language == "de"


def test_a_recogniser_that_is_told_nothing_hears_which_language_it_is():
    driver = Driver()
    driver.speaks()
    assert driver.last(do.OpenUtterance).language is None
    driver.recognises("Wie spät ist es gerade?", language="de")
    assert driver.last(do.Generate).language == "de"


def test_the_setting_holds_until_something_else_is_written():
    driver = Driver(language="fr")
    driver.types_in("Paris")
    driver.asks()
    assert driver.last(do.Generate).language == "fr"
    driver.answers("Paris.")
    driver.types_in("Wie hoch ist die Selbstbeteiligung?")
    driver.asks()
    assert driver.last(do.Generate).language == "de"


@pytest.mark.parametrize("word", ["ok", "Anna Schmidt", "no", "42", "danke", "..."])
def test_a_word_or_a_name_does_not_change_it(word):
    driver = Driver()
    for text in ("Was steht im Vertrag über die Kündigung?", word):
        driver.types_in(text)
        driver.asks()
        assert driver.last(do.Generate).language == "de"
        driver.answers("Ja.")


def test_a_whole_sentence_does():
    assert language_after("de", "What does the contract say about notice?") == "en"
    assert language_after("en", "C'est quoi le prix de l'entrée ?") == "fr"
    assert language_after("en", "入場料はいくらですか") == "ja"
    assert language_after("en", "hola", heard="es") == "en"
    assert language_after(None, "hola", heard="es") == "es"
    assert language_after("en", "", heard="es") == "en"


def test_an_answer_is_spoken_in_the_language_that_it_is_written_in():
    driver = Driver()
    driver.types_in("What does the contract say about the notice period?")
    driver.asks()
    driver.writes("The contract says this about it. Die Kündigungsfrist beträgt drei Monate zum Ende des Jahres. ")
    driver.writes("That is from the contract, page two. ")
    driver.finishes()
    assert spoken_with(driver) == ["en", "de", "en"]


def test_what_tells_nothing_is_spoken_like_what_was_before():
    assert clause_language("Paris, 1889.", "fr") == "fr"
    assert clause_language("Paris, 1889.", None) is None


@pytest.mark.parametrize(
    ("code", "base"), [("de", "de"), ("PT-br", "pt"), ("ja_JP", "ja"), ("german", None), ("", None)]
)
def test_codes_are_taken_by_their_language(code, base):
    assert base_language(code) == base

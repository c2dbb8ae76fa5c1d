"""What of a model's text was said."""

import time

import pytest

from vasi.engines.stt.whisper.text import from_tokens, said, without_repetition


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("How long is it? How long is it?", "How long is it?"),
        ("How long does the welding take? How long does the", "How long does the welding take?"),
        ("Fail again. Fail better. You can try. You can try. You can try.", "Fail again. Fail better. You can try."),
        ("And then we go, and then we go and then we go home.", "And then we go home."),
        (
            "ask not what your country can do, ask what you can do",
            "ask not what your country can do, ask what you can do",
        ),
        ("zero zero zero zero zero zero one", "zero zero zero zero zero zero one"),
        ("I want the red one and I want the blue one", "I want the red one and I want the blue one"),
        ("Very, very good.", "Very, very good."),
        ("no no no no", "no no no no"),
        ("Thank you. Thank you. Thank you. Thank you. Thank you. Bye.", "Thank you. Bye."),
        ("the the the the the the the the cat", "the cat"),
        ("Well, you, you, you, you, you, you", "Well, you"),
        ("5 5 5 5 5 5 1", "5 5 5 5 5 5 1"),
        ("drei drei drei drei drei", "drei drei drei drei drei"),
        ("ははははははははは", "は"),
        ("ご視聴ありがとうございました。ご視聴ありがとうございました。", "ご視聴ありがとうございました。"),
        ("いろいろな店がありますか", "いろいろな店がありますか"),
        ("no", "no"),
        ("", ""),
    ],
)
def test_a_phrase_that_is_followed_by_itself_was_said_once(text, kept):
    assert without_repetition(text) == kept


def test_many_words_are_looked_through_quickly():
    began = time.perf_counter()
    without_repetition(" ".join(str(number % 97) for number in range(400)))
    without_repetition("a b " * 200)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "no_speech", "likelihood"),
    [
        (" you", 0.99, -1.31),
        (" I'm going to put the oil in the pan.", 0.83, -1.6),
        (" I'm gonna have to go back to the room.", 0.43, -2.06),
        (" . . . . . .", 0.2, -0.15),
        (" [Music]", 0.1, -0.2),
        (" (laughs) ♪♪", 0.1, -0.2),
        ("", 0.0, 0.0),
    ],
)
def test_what_nobody_said_has_no_text(text, no_speech, likelihood):
    assert said(text, no_speech, likelihood) == ""


@pytest.mark.parametrize(
    ("text", "no_speech", "likelihood", "kept"),
    [
        (" Stop!", 0.18, -1.23, "Stop!"),
        (" Uh-uh.", 0.54, -1.45, "Uh-uh."),
        (" 1-0-0-0-1  9-0-2-1-0", 0.78, -0.26, "1-0-0-0-1 9-0-2-1-0"),
        (" [BLANK_AUDIO] What is it?", 0.1, -0.4, "What is it?"),
    ],
)
def test_what_somebody_said_is_kept(text, no_speech, likelihood, kept):
    assert said(text, no_speech, likelihood) == kept


def test_tokens_are_bytes_in_disguise():
    assert (
        from_tokens(["ĠW", "as", "Ġist", "Ġein", "ĠM", "Ã¤", "dchen", "?", "<|endoftext|>"]) == " Was ist ein Mädchen?"
    )
    assert from_tokens(["ĠãĤ³", "ãĥ³", "ãĥĢ", "Ĺ"]) == " コンダ\ufffd"

"""Who speaks while somebody else does may only show that they listen, in each language of the app."""

import pytest

from vasi.language.backchannels import interrupts, only_listens, says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "Yeah, right.",
        "Ja, genau.",
        "Ach so, stimmt.",
        "Oui, d'accord.",
        "Sí, claro.",
        "É verdade.",
        "うん、そうですね",
        "なるほど",
        "طيب، تمام",
    ],
)
def test_who_agrees_only_listens(text):
    assert only_listens(text)
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stop.",
        "Nein, warte.",
        "Ja, aber wann?",
        "Non, attends.",
        "Espera un momento.",
        "Não, pare.",
        "ちょっと待って",
        "لا، انتظر",
    ],
)
def test_who_wants_to_say_something_takes_the_floor(text):
    assert interrupts(text)


@pytest.mark.parametrize("text", ["uh", "äh, ähm", "Euh.", "ああ"])
def test_a_sound_says_nothing(text):
    assert says_nothing(text)

import pytest

from vasi.language import endings

FINISHED = [
    "what is the deductible of the standard plan",
    "how many vacation days do i get in my first year",
    "take a note call the dentist on friday",
    "stop",
    "yes",
    "Where is the office?",
    "the child almost hurt the small dog",
    "my number is five five five one two three four",
]
UNFINISHED = [
    "what is the",
    "i would like to know um",
    "take a note that",
    "i want to go to paris and",
    "how many days of",
    "tell me about the plan for my",
    "my number is five five five",
    "it is zero one",
    "where is the...",
    "So I was thinking,",
    "drop it when",
]


@pytest.mark.parametrize("text", FINISHED)
def test_what_can_stand_alone_is_finished(text):
    assert endings.completeness(text) > 0.5


@pytest.mark.parametrize("text", UNFINISHED)
def test_what_wants_more_words_is_not(text):
    assert endings.completeness(text) < 0.25


@pytest.mark.parametrize("text", ["how many stones", "does the", "the child", "sunday"])
def test_what_is_too_short_to_be_a_sentence_is_not_either(text):
    assert endings.completeness(text) < 0.5


@pytest.mark.parametrize(
    "text", ["read my notes", "delete that note", "what time is it", "thank you", "say that again"]
)
def test_a_command_that_is_understood_is_finished_however_short(text):
    assert endings.completeness(text) >= 0.7


@pytest.mark.parametrize("text", ["", "  ", "...?"])
def test_without_words_nothing_can_be_told(text):
    assert endings.completeness(text) == endings.UNKNOWN


def test_a_question_that_can_end_in_a_preposition_is_less_sure_than_one_that_cannot():
    assert endings.completeness("when do they") < endings.completeness("which form is this on")
    assert endings.completeness("which form is this on") < endings.completeness("which form is this one here")

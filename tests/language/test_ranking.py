"""The sentence that answers comes first."""

from __future__ import annotations

import pytest

from vasi.language.answer_types import answer_type
from vasi.language.ranking import rank_sentences

HANDBOOK = (
    "Parking is free for everyone. The gym opens at 6:30 in the morning. It closes at 10 p.m. on weekdays. "
    "Maria Lindqvist runs the gym and its sauna. A day pass for the gym costs $12 per visit. "
    "The gym has 40 lockers."
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When does the gym open?", "6:30"),
        ("Who runs the gym?", "Lindqvist"),
        ("How much is a day pass for the gym?", "$12"),
        ("How many lockers does the gym have?", "40"),
        ("is parking free", "Parking"),
    ],
)
def test_the_sentence_with_the_answer_is_first(question: str, answer: str) -> None:
    best = rank_sentences(question, [HANDBOOK])[0]
    assert answer in best.text
    assert HANDBOOK[best.start : best.end] == best.text


def test_a_heading_counts_for_the_sentences_below_it() -> None:
    passages = ["It may be carried over until March.", "It must be returned within thirty days."]
    headed = rank_sentences("How long until a laptop must be returned?", passages, ["Vacation", "Laptop"])
    assert headed[0].passage_index == 1


def test_rare_words_count_more_when_their_weight_is_known() -> None:
    passages = [
        "The zebra policy covers travel.",
        "The travel policy covers company travel and travel insurance.",
    ]
    idf = {"zebra": 9.0, "travel": 0.1, "polici": 0.1}
    assert rank_sentences("zebra travel policy", list(reversed(passages)), idf=idf)[0].text == passages[0]


def test_scores_fall_and_stay_between_0_and_1() -> None:
    ranked = rank_sentences("When does the gym open?", [HANDBOOK, "Nothing to do with it at all."])
    scores = [sentence.score for sentence in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(ranked) == 7


def test_nothing_to_rank() -> None:
    assert rank_sentences("anything", []) == []
    assert rank_sentences("", ["Some text."])[0].text == "Some text."


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much does it cost?", "amount"),
        ("How many people came?", "number"),
        ("how long is the warranty", "duration"),
        ("In what year was it built?", "time"),
        ("Where is the office?", "place"),
        ("Whose car is it?", "name"),
        ("Why is it closed?", "reason"),
        ("What is a deductible?", "other"),
    ],
)
def test_the_type_of_the_answer(question: str, kind: str) -> None:
    assert answer_type(question) == kind


def test_a_number_that_counts_what_is_asked_for_beats_other_numbers() -> None:
    text = "The cooperative was founded in 1987 by its first members. Today the cooperative has 236 members."
    assert "236" in rank_sentences("How many members does the cooperative have?", [text])[0].text


def test_an_answer_need_not_repeat_how_high() -> None:
    text = "The high road leads to the mountain. Mount Fennel rises to 1,864 metres."
    assert "1,864" in rank_sentences("How high is Mount Fennel?", [text])[0].text


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "When was the charter of the guild confirmed?",
            "The Charter of the Guild\nConfirmed by the council on 4 May 1702.\nThe guild kept its charter in a chest.",
            "1702",
        ),
        (
            "Wie viele Gäste fasst der Saal?",
            "Der Saal der Gäste wurde 1987 gebaut. Der Saal fasst 120 Gäste. Der Saal ist hell.",
            "120",
        ),
        (
            "What is the e-mail address of the harbour office?",
            "The harbour office answers by e-mail. The address of the office: office@harbour.example. It is open.",
            "office@",
        ),
    ],
)
def test_the_sentence_that_says_what_is_wanted_beats_those_that_repeat_the_question(
    question: str, text: str, answer: str
) -> None:
    assert answer in rank_sentences(question, [text])[0].text

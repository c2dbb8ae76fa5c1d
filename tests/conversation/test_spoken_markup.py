"""An answer in Markdown: written as the model wrote it, spoken without the marks."""

from tests.conversation.driver import Driver
from tests.conversation.expect import done, one
from vasi.conversation import effects as do

ANSWER = "**Open** the [valve](https://example.org/valve) now."


def spoken(driver: Driver) -> list[str]:
    return [wish.text for wish in driver.wishes if isinstance(wish, do.Speak)]


def test_the_voice_is_given_no_marks_and_the_transcript_keeps_them() -> None:
    driver = Driver()
    driver.asks()
    for letter in ANSWER:
        driver.writes(letter)
    driver.finishes()
    driver.voices()
    assert spoken(driver) == ["Open the valve now."]
    assert done(driver.events)["output"][0]["content"][0]["transcript"] == ANSWER
    deltas = [event["delta"] for event in driver.events if event["type"] == "response.output_audio_transcript.delta"]
    assert "".join(deltas) == ANSWER


def test_the_times_of_words_tell_where_they_were_written() -> None:
    driver = Driver(include=["vasi.activity"])
    driver.asks()
    driver.answers(ANSWER)
    timed = [word for event in driver.events if event["type"] == "vasi.output_audio.words" for word in event["words"]]
    assert [ANSWER[word["start"] : word["end"]] for word in timed] == [
        "Open**",
        "the",
        "valve](https://example.org/valve)",
        "now.",
    ]


def test_what_was_heard_of_an_answer_with_marks_is_a_beginning_of_it() -> None:
    driver = Driver(include=["vasi.activity"])
    driver.asks()
    driver.writes(ANSWER)
    driver.finishes()
    driver.voices(words=2)
    item = one(driver.events, "response.output_item.added")["item"]["id"]
    driver.says("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=400)
    driver.says("conversation.item.retrieve", item_id=item)
    heard = one(driver.new(), "conversation.item.retrieved")["item"]["content"][0]["transcript"]
    assert ANSWER.startswith(heard)
    assert heard.startswith("**Open**")


def test_marks_alone_are_no_reason_to_wait_for_the_voice() -> None:
    driver = Driver()
    driver.asks()
    driver.answers("Done.\n```\n```")
    assert [text.strip() for text in spoken(driver)] == ["Done.", ""]
    assert done(driver.events)["status"] == "completed"

"""Pictures in the conversation: for a model that can see, kept and told; for one that can't, refused in a sentence."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.expect import CREATED_ITEM, TEXT_ONLY, assert_error, assert_order, retrieved
from vasi.conversation import effects as do
from vasi.conversation.editing import MAX_CHARACTERS
from vasi.protocol.items import MAX_MESSAGE

PNG = "data:image/png;base64,iVBORw0KGgoAAAAN"
JPEG = "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ=="
PLACE = "item.content[0].image_url"


def picture(uri=PNG, **fields):
    parts = [{"type": "input_image", "image_url": uri, **fields}, {"type": "input_text", "text": "What is it?"}]
    return {"type": "message", "role": "user", "content": parts}


def test_a_picture_is_kept_and_the_model_is_shown_it():
    driver = Driver(images=True, **TEXT_ONLY)
    item = picture(JPEG, detail="low")
    events = driver.says("conversation.item.create", item=item)
    assert_order(events, CREATED_ITEM)
    assert [event["item"]["content"] for event in events] == [item["content"]] * 2
    assert retrieved(driver, events[0]["item"]["id"])["content"] == item["content"]
    driver.asks()
    (shown, asked) = driver.last(do.Generate).context[0].content
    assert (shown.image_url, shown.detail, asked.text) == (JPEG, "low", "What is it?")


def test_a_picture_for_one_response_alone():
    driver = Driver(images=True, **TEXT_ONLY)
    driver.asks(conversation="none", input=[picture()])
    assert driver.last(do.Generate).context[0].content[0].image_url == PNG


def test_a_model_that_cannot_see_is_told_of_no_picture_and_the_client_is_told_why():
    driver = Driver(**TEXT_ONLY)
    events = driver.says("conversation.item.create", item=picture())
    assert_error(events, "unsupported_content_type", "item.content[0].type")
    assert "can't see images" in events[0]["error"]["message"]
    place = "response.input[0].content[0].type"
    assert_error(driver.asks(input=[picture()]), "unsupported_content_type", place)
    assert driver.believes() == []


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/a.png",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "data:text/html;base64,PGh0bWw+",
        "data:image/png,iVBORw0KGgo=",
        JPEG.replace("jpeg", "png"),
        "data:image/png;base64,not base64 at all",
        "",
    ],
)
def test_what_is_no_picture_is_refused(uri):
    assert_error(Driver(images=True).says("conversation.item.create", item=picture(uri)), "invalid_value", PLACE)


def test_a_message_with_its_pictures_has_an_end():
    """It comes back in one frame, and some clients take none of more than 8 MiB."""
    driver = Driver(images=True)
    half = PNG + "A" * (MAX_MESSAGE // 2)
    parts = [{"type": "input_image", "image_url": half}] * 2
    item = {"type": "message", "role": "user", "content": parts}
    assert_error(driver.says("conversation.item.create", item=item), "invalid_value", "item.content")
    assert_order(driver.says("conversation.item.create", item={**item, "content": parts[:1]}), CREATED_ITEM)


def test_a_conversation_of_pictures_has_an_end_and_deleting_makes_room():
    driver = Driver(images=True)
    item = picture(PNG + "A" * (MAX_MESSAGE - 100))
    kept = []
    for _ in range(MAX_CHARACTERS // MAX_MESSAGE):
        kept.append(driver.says("conversation.item.create", item=item)[0]["item"]["id"])
    assert_error(driver.says("conversation.item.create", item=item), "invalid_value")
    driver.says("conversation.item.delete", item_id=kept[0])
    assert_order(driver.says("conversation.item.create", item=item), CREATED_ITEM)

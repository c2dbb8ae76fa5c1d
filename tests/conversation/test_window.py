"""A conversation that is too long for the model: what it's told of, and what the client is told."""

from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.driver import Driver
from tests.conversation.test_flows import TEXT_ONLY, assert_order, done
from vasi.conversation import effects as do
from vasi.conversation.window import TooLong, estimated_tokens, fitted
from vasi.protocol.items import FunctionCall, FunctionCallOutput, InputText, Message
from vasi.protocol.session import RetentionRatio, TokenLimits

LONG = "word " * 80
"""About a hundred tokens."""


def told(driver):
    """The numbers of the user's messages that the model was last told of."""
    context = driver.last(do.Generate).context
    return [int(item.content[0].text.split()[0]) for item in context if isinstance(item, Message)]


def talk(driver, *numbers):
    for number in numbers:
        driver.types_in(f"{number} {LONG}")


def test_the_oldest_items_are_left_out_and_stay_in_the_conversation():
    driver = Driver(input_tokens=550, **TEXT_ONLY)
    talk(driver, *range(8))
    driver.asks()
    assert told(driver) == [3, 4, 5, 6, 7]
    driver.finishes()
    first = driver.events[1]["item"]["id"]
    assert driver.says("conversation.item.retrieve", item_id=first)[0]["item"]["id"] == first


def test_instructions_and_tools_are_never_left_out():
    tool = {"type": "function", "name": "look", "description": LONG}
    driver = Driver(input_tokens=550, instructions=LONG, tools=[tool], **TEXT_ONLY)
    talk(driver, *range(8))
    driver.asks()
    wish = driver.last(do.Generate)
    assert told(driver) == [5, 6, 7]
    assert (wish.instructions, wish.tools[0].name) == (LONG, "look")


def test_without_truncation_the_response_fails():
    driver = Driver(input_tokens=550, truncation="disabled", **TEXT_ONLY)
    talk(driver, *range(8))
    events = driver.asks()
    assert_order(events, "response.created", "response.done")
    error = done(events)["status_details"]["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "context_length_exceeded")
    for item in [event["item"] for event in driver.events if event["type"] == "conversation.item.done"][:4]:
        driver.says("conversation.item.delete", item_id=item["id"])
    driver.asks()
    assert told(driver) == [4, 5, 6, 7]


def test_what_is_too_long_by_itself_fails():
    driver = Driver(input_tokens=50, **TEXT_ONLY)
    talk(driver, 1)
    assert done(driver.asks())["status_details"]["error"]["code"] == "context_length_exceeded"


def test_a_retention_ratio_leaves_room_for_turns_to_come():
    ratio = {"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 550}}
    driver = Driver(truncation=ratio, **TEXT_ONLY)
    assert driver.events[0]["session"]["truncation"] == ratio
    begins = []
    for number in range(12):
        talk(driver, number)
        driver.asks()
        begins.append(told(driver)[0])
        assert told(driver)[-1] == number
        driver.finishes()
    assert begins == [0, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8], "cut seldom, and then by much"


def test_a_response_with_an_input_of_its_own_changes_nothing_for_the_others():
    ratio = {"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 550}}
    driver = Driver(truncation=ratio, **TEXT_ONLY)
    talk(driver, 1, 2, 3)
    given_items = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"{number} {LONG}"}]}
        for number in range(10, 20)
    ]
    driver.asks(conversation="none", input=given_items)
    assert told(driver) == [18, 19]
    driver.asks()
    assert told(driver) == [1, 2, 3]


def message(role, length):
    return Message(role=role, content=[InputText(text="x" * length)])


SIZES = st.integers(0, 400)
ITEMS = st.lists(
    st.builds(message, st.sampled_from(["user", "system"]), SIZES)
    | st.builds(lambda n, size: FunctionCall(call_id=f"c{n}", name="f", arguments="x" * size), st.integers(0, 3), SIZES)
    | st.builds(lambda n, size: FunctionCallOutput(call_id=f"c{n}", output="x" * size), st.integers(0, 3), SIZES),
    max_size=12,
)
RULES = st.sampled_from(["auto", "disabled"]) | st.builds(
    RetentionRatio,
    type=st.just("retention_ratio"),
    retention_ratio=st.floats(0, 1),
    token_limits=st.none() | st.builds(TokenLimits, post_instructions=st.integers(0, 400)),
)


@given(ITEMS, RULES, st.integers(1, 400))
def test_what_is_kept_fits_is_in_order_and_splits_no_call(items, rule, most):
    try:
        kept = fitted(items, "", [], rule, most)
    except TooLong:
        newest = [item for item in items if isinstance(item, Message) and item.role == "user"][-1:] + items[-1:]
        ids = {getattr(item, "call_id", "") for item in newest}
        least = [i for i in items if any(i is one for one in newest) or getattr(i, "call_id", None) in ids]
        assert rule == "disabled" or sum(map(estimated_tokens, least)) > most, "more could have been left out"
        return
    assert sum(estimated_tokens(item) for item in kept) <= most
    rest = iter(items)
    assert all(any(item is other for other in rest) for item in kept), "the order changed"
    of_calls = [[i for i in items if getattr(i, "call_id", None) == f"c{n}"] for n in range(4)]
    for group in of_calls:
        assert sum(any(one is other for other in kept) for one in group) in (0, len(group)), "a call was split"
    if items:
        assert kept[-1] is items[-1]
    if rule == "disabled":
        assert list(kept) == items


def test_a_call_goes_with_its_output():
    driver = Driver(input_tokens=400, **TEXT_ONLY)
    driver.asks()
    driver.calls("look", "{}", call_id="c1")
    driver.finishes("tool_calls")
    item = {"type": "function_call_output", "call_id": "c1", "output": LONG}
    driver.says("conversation.item.create", item=item)
    talk(driver, 1, 2, 3)
    driver.asks()
    assert told(driver) == [1, 2, 3]
    assert len(driver.last(do.Generate).context) == 3, "half of the call is left"

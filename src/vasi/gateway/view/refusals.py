"""Why an event of the client can't be carried out, in the words and codes of the hosted API."""

from __future__ import annotations

from vasi.errors import ClientError
from vasi.protocol import client_events as client

ACTIVE_RESPONSE = "conversation_already_has_active_response"
CANCEL_NOT_ACTIVE = "response_cancel_not_active"


def active_response(response_id: str) -> ClientError:
    """The conversation has a response that isn't done."""
    text = (
        f"Conversation already has an active response in progress: {response_id}. "
        "Wait until the response is finished before creating a new one."
    )
    return ClientError(text, code=ACTIVE_RESPONSE)


def no_item(event: client.ItemRetrieve | client.ItemDelete | client.ItemTruncate) -> ClientError:
    """There is no item of that id."""
    verb = str(event.__struct_config__.tag).rsplit(".", 1)[-1]
    text = f"Error: the item with id '{event.item_id}' does not exist."
    return ClientError(text, code=f"item_{verb}_invalid_item_id", param="item_id")


def no_previous_item(item_id: str) -> ClientError:
    """There is no item to put another behind."""
    text = f"Previous item with id '{item_id}' not found."
    return ClientError(text, code="item_create_invalid_previous_item_id", param="previous_item_id")


def no_referenced_item(item_id: str, index: int) -> ClientError:
    """The input of a response refers to an item that there isn't."""
    return ClientError(f"Item with id '{item_id}' not found.", param=f"response.input[{index}].id")


def reserved_item_id(prefix: str) -> ClientError:
    """Only items that are made here are called so."""
    return ClientError(f"Ids that begin with '{prefix}' are reserved.", param="item.id")


def item_exists(item_id: str) -> ClientError:
    """Another item is called so."""
    return ClientError(f"Item with id '{item_id}' already exists.", param="item.id")


def no_open_call(call_id: str) -> ClientError:
    """Nobody asked for this output."""
    text = f"Tool call ID '{call_id}' not found in conversation."
    return ClientError(text, code="invalid_tool_call_id", param="item.call_id")


def no_audio_message() -> ClientError:
    """The item has no audio that could be cut."""
    text = "Only model output audio messages can be truncated."
    return ClientError(text, code="unsupported_content_type", param="item_id")


def no_approval_request(item_id: str) -> ClientError:
    """Nobody asked for this approval."""
    return ClientError(f"There is no approval request '{item_id}'.", param="item.approval_request_id")


def approval_answered(item_id: str) -> ClientError:
    """Approval was given or refused before."""
    text = f"The approval request '{item_id}' has been answered already."
    return ClientError(text, param="item.approval_request_id")

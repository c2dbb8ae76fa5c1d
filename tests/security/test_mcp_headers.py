"""What a client sets of the requests to MCP servers can't smuggle requests or reach another host."""

from __future__ import annotations

import pytest

from vasi.errors import ClientError
from vasi.protocol.mcp import McpTool
from vasi.tools.servers import Address, Servers

SERVERS = Servers(
    {"ours": Address("https://far/mcp", {"authorization": "Bearer ours"}), "open": Address("https://open/mcp")},
    ["http://near:81"],
)


def headers(label: str = "theirs", authorization: str | None = None, **named: str) -> dict[str, str]:
    url = {"server_url": "http://near:81/mcp"} if label == "theirs" else {}
    sent = {name.replace("_", "-"): value for name, value in named.items()}
    tool = McpTool(server_label=label, headers=sent or None, authorization=authorization, **url)
    address = SERVERS.address(tool, "session.tools[0]")
    assert address is not None
    return dict(address.headers)


@pytest.mark.parametrize(
    "name",
    [
        "Host", "Content_Length", "content_type", "Transfer_Encoding", "Connection", "Keep_Alive", "Upgrade", "TE",
        "Trailer", "Proxy_Authorization", "Expect", "Mcp_Session_Id", "MCP_Protocol_Version", "Last_Event_Id",
    ],
)  # fmt: skip
def test_headers_that_frame_or_route_a_request_are_refused(name: str) -> None:
    with pytest.raises(ClientError, match="set by this server") as refusal:
        headers(**{name: "1"})
    assert refusal.value.param == "session.tools[0].headers"


@pytest.mark.parametrize("value", ["a\r\nHost: b", "a\nb", "a\0b", " a", "a ", "a\x7f", "\u20ac"])
def test_values_that_can_not_be_sent_are_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(ClientError, match="HTTP forbids") as refusal:
        headers(x_own=f"SECRET{value}SECRET" if value.strip() == value else f"{value}")
    assert "SECRET" not in refusal.value.message
    with pytest.raises(ClientError, match="HTTP forbids"):
        headers(authorization=value)


def test_names_that_are_none_are_refused() -> None:
    with pytest.raises(ClientError, match="HTTP forbids"):
        headers(**{"a b": "c"})


def test_a_server_of_the_settings_gets_no_headers_of_clients() -> None:
    with pytest.raises(ClientError, match="set there") as refusal:
        headers("ours", x_user="admin")
    assert refusal.value.param == "session.tools[0].headers"
    assert headers("ours", authorization="theirs") == {"authorization": "Bearer ours"}
    assert headers("open", authorization="theirs") == {"authorization": "Bearer theirs"}


def test_other_headers_go_to_a_server_that_the_client_names() -> None:
    assert headers(authorization="t", X_Own="b") == {"authorization": "Bearer t", "x-own": "b"}

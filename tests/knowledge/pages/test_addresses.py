"""Which addresses pages are fetched from."""

import ipaddress

import pytest

from vasi.errors import DocumentError
from vasi.knowledge.pages.addresses import is_public, page_address


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://example.org", "https://example.org/"),
        (" HTTPS://Example.ORG:443/a?b=c#d ", "https://example.org/a?b=c"),
        ("http://example.org:8080/a b", "http://example.org:8080/a b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]/x"),
    ],
)
def test_one_page_has_one_address(written, meant):
    assert page_address(written).text == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("file:///etc/passwd", "begins with https://"),
        ("ftp://example.org/a", "begins with https://"),
        ("https:///a", "begins with https://"),
        ("https://example.org:99999/", "isn't an address"),
        ("https://[::1", "isn't an address"),
        ("https://anna:secret@example.org/", "user name or password"),
        ("https://" + "a" * 300 + ".ü.example/", "isn't an address"),
        ("https://example.org/" + "a" * 3000, "too long"),
    ],
)
def test_what_is_no_address_is_refused(written, why):
    with pytest.raises(DocumentError, match=why) as caught:
        page_address(written)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_network_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_others_are(address):
    assert is_public(ipaddress.ip_address(address))

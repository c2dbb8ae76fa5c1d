"""The server's own certificate: made once, private, for the names of this machine; and files of the user's."""

from __future__ import annotations

import ssl
import stat
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from vasi.errors import ConfigError
from vasi.web.certificate import Certificate, self_signed

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_it_is_made_once_for_the_names_of_this_machine(tmp_path: Path) -> None:
    first = self_signed(tmp_path / "tls", now=NOW, hostname="den")
    made = first.chain.read_bytes()
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["localhost", "127.0.0.1", "::1", "den"]
    again = self_signed(tmp_path / "tls", now=NOW + timedelta(days=700), hostname="den")
    assert again.chain.read_bytes() == made


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    made = self_signed(tmp_path / "data" / "tls")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (made.chain, made.key)} == {0o600}
    assert stat.S_IMODE((tmp_path / "data" / "tls").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / "data" / "tls").iterdir()) == ["certificate.pem", "key.pem"]


@pytest.mark.parametrize("change", ["it ends soon", "another name", "its key is gone", "it is torn"])
def test_it_is_made_anew_when_it_would_not_do(tmp_path: Path, change: str) -> None:
    first = self_signed(tmp_path, now=NOW, hostname="den")
    made = first.chain.read_bytes()
    later, name = NOW, "den"
    match change:
        case "it ends soon":
            later = NOW + timedelta(days=800)
        case "another name":
            name = "attic"
        case "its key is gone":
            first.key.unlink()
        case _:
            first.chain.write_bytes(made[:100])
    again = self_signed(tmp_path, now=later, hostname=name)
    assert again.chain.read_bytes() != made
    again.context()


def test_it_vouches_for_nobody_else(tmp_path: Path) -> None:
    made = x509.load_pem_x509_certificate(self_signed(tmp_path).chain.read_bytes())
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not made.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_files_that_do_not_do_are_refused_in_a_sentence(tmp_path: Path) -> None:
    one, other = self_signed(tmp_path / "one"), self_signed(tmp_path / "other")
    with pytest.raises(ConfigError, match=r"can't be read"):
        Certificate(tmp_path / "none.pem", one.key).context()
    with pytest.raises(ConfigError, match=r"can't be used for TLS"):
        Certificate(one.chain, other.key).context()
    torn = tmp_path / "torn.pem"
    torn.write_text("nothing")
    with pytest.raises(ConfigError, match=r"can't be used for TLS"):
        Certificate(torn, torn).context()


def test_a_key_with_a_password_is_refused_without_asking_for_it(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    made = self_signed(tmp_path)
    key = serialization.load_pem_private_key(made.key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    encryption = serialization.BestAvailableEncryption(b"secret")
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
    with pytest.raises(ConfigError):
        Certificate(made.chain, locked).context()


def test_clients_that_trust_it_accept_it_under_strict_rules(tmp_path: Path) -> None:
    made = self_signed(tmp_path)
    client = ssl.create_default_context(cafile=made.chain)
    # What Python 3.13 asks of a certificate by default.
    client.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    theirs = made.context().wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (ours, theirs):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    assert ours.getpeercert()["subjectAltName"][:2] == (("DNS", "localhost"), ("IP Address", "127.0.0.1"))

"""The certificate that a server shows: the user's own, or one that signs for itself, made once and kept."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vasi.errors import ConfigError

if TYPE_CHECKING:
    from cryptography import x509

VALID = timedelta(days=825)
"""The longest that all platforms take."""
RENEW = timedelta(days=30)
"""Before the end; clients must trust the new one."""
ALWAYS = ("localhost", "127.0.0.1", "::1")
"""Names that it always stands for."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files.

    Attributes:
        chain: the certificate, and those above it.
        key: its private key.
    """

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs to use it. Raises ``ConfigError``."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            # An empty password, or OpenSSL would ask for one on the terminal.
            context.load_cert_chain(self.chain, self.key, password="")
        except ssl.SSLError as error:
            reason = error.reason or "they don't fit together, or the key has a password"
            text = f"{self.chain} and {self.key} can't be used for TLS: {reason}."
            raise ConfigError(text, param="tls_cert") from None
        except OSError as error:
            text = f"The certificate {self.chain} or its key {self.key} can't be read: {error.strerror}."
            raise ConfigError(text, param="tls_cert") from None
        return context


def self_signed(folder: Path, *, now: datetime | None = None, hostname: str | None = None) -> Certificate:
    """The certificate in ``folder``; a new one if there is none, it ends soon, or the machine's name changed.

    Args:
        folder: where it's kept; made if missing. Only the owner may read what is in it.
        now: the present time.
        hostname: of this machine.

    Raises:
        ConfigError: the package ``cryptography`` is missing, or the folder can't be written.
    """
    now = now or datetime.now(UTC)
    names = (*ALWAYS, hostname or socket.gethostname())
    certificate = Certificate(folder / "certificate.pem", folder / "key.pem")
    try:
        if not _still_good(certificate, names, now):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(certificate, names, now)
    except ModuleNotFoundError:
        text = "To make a certificate, install cryptography (pip install 'vasi[tls]'), or name yours with --tls-cert."
        raise ConfigError(text, param="tls") from None
    except OSError as error:
        raise ConfigError(f"The certificate can't be kept in {folder}: {error.strerror}.", param="tls") from None
    return certificate


def _still_good(certificate: Certificate, names: tuple[str, ...], now: datetime) -> bool:
    from cryptography import x509

    try:
        known = x509.load_pem_x509_certificate(certificate.chain.read_bytes())
        certificate.context()
        stands_for = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (FileNotFoundError, ConfigError, ValueError, x509.ExtensionNotFound):
        return False
    covered = {str(name.value) for name in stands_for}
    return covered >= set(names) and now + RENEW < known.not_valid_after_utc


def _make(certificate: Certificate, names: tuple[str, ...], now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "vasi")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    public = key.public_key()
    # It signs for itself only, not for others: who trusts it trusts this server and nothing else.
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in dict.fromkeys(names)]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_privately(certificate.key, secret)
    _write_privately(certificate.chain, signed.public_bytes(serialization.Encoding.PEM))


def _general_name(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_privately(path: Path, content: bytes) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)

"""`daozhen certificates`: an authority of the hospital's own, and certificates for broker, server and agents."""

import argparse
import ipaddress
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS: Final = 3650
DAYS: Final = 825
_CLIENT_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_certificates_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add `certificates` to a program's commands."""
    top = commands.add_parser(
        "certificates",
        help="make certificates for the broker, the server and the agents",
        description="The common name of a certificate is the user's name at the broker: an agent's own name, or `server`.",
    )
    actions: Any = top.add_subparsers(required=True, metavar="ACTION")
    authority = actions.add_parser("authority", help="make the authority: ca.crt and ca.key")
    authority.add_argument("folder", type=Path)
    authority.set_defaults(run=lambda given: _told(make_authority, given.folder))
    broker = actions.add_parser("broker", help="make the broker's certificate")
    broker.add_argument("folder", type=Path)
    broker.add_argument(
        "hosts", nargs="+", metavar="HOST", help="names and addresses by which it is reached"
    )
    broker.set_defaults(run=lambda given: _told(make_broker, given.folder, given.hosts))
    client = actions.add_parser("client", help="make the certificate of an agent, or of the server")
    client.add_argument("folder", type=Path)
    client.add_argument("name", help="the agent's name, or `server`")
    client.set_defaults(run=lambda given: _told(make_client, given.folder, given.name))


def _told(make: Any, *words: Any) -> int:
    try:
        certificate = make(*words)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{certificate}\n")
    return 0


def make_authority(folder: Path) -> Path:
    """Make `ca.crt` and `ca.key` in `folder`.

    Raises:
        FileExistsError: there is a key already; it is never written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Daozhen hospital authority")
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_uses(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _written(folder, "ca", key, certificate)


def make_broker(folder: Path, hosts: list[str]) -> Path:
    """Make `broker.crt` and `broker.key`, good for these names and addresses."""
    names = [_host(host) for host in hosts]
    return _issued(folder, "broker", hosts[0], ExtendedKeyUsageOID.SERVER_AUTH, names)


def make_client(folder: Path, name: str) -> Path:
    """Make the certificate of an agent or of the server.

    Raises:
        ValueError: a name that could leave the folder, or stand for several names at the broker.
    """
    if not _CLIENT_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: use letters, digits, '.', '_' and '-', at most 64.")
    return _issued(folder, name, name, ExtendedKeyUsageOID.CLIENT_AUTH, [])


def _issued(
    folder: Path,
    file: str,
    common_name: str,
    use: x509.ObjectIdentifier,
    names: list[x509.GeneralName],
) -> Path:
    authority = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    signer = load_pem_private_key((folder / "ca.key").read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{folder / 'ca.key'} is no key of ours.")
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(common_name), authority.subject, key.public_key(), DAYS)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(_uses(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _written(folder, file, key, builder.sign(signer, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _uses(*, authority: bool) -> x509.KeyUsage:
    """What the key may do (RFC 5280 §4.2.1.3); strict checkers, Python 3.13 among them, ask for it."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _written(
    folder: Path, file: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> Path:
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(folder / f"{file}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret)
    path = folder / f"{file}.crt"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return path

"""The line to a broker that asks for TLS and for certificates on both sides."""

import getpass
import ipaddress
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from daozhen.broker import find_mosquitto, free_port
from queue_server.broker import Broker
from queue_server.cards import CardLists
from queue_server.envelopes import Envelopes
from queue_server.errors import SettingsError
from queue_server.link import Link
from queue_server.writer_thread import WriterThread
from tests.queue_server.shell import Shell

pytestmark = pytest.mark.programs


class Authority:
    """A certificate authority for an afternoon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        self._write("authority", self._signed(self.name, self.key, basic), self.key)

    def issue(self, name: str) -> None:
        """Write `name.pem` and `name.key` for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        self._write(name, self._signed(subject, key, x509.SubjectAlternativeName([address])), key)

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self.name, subject, key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        return builder.add_extension(extension, critical=True).sign(self.key, hashes.SHA256())

    def _write(
        self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> None:
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.key").write_bytes(private)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    program = find_mosquitto()
    if program is None:
        pytest.skip("mosquitto is not installed")
    authority, port = Authority(tmp_path), free_port()
    authority.issue("broker")
    authority.issue("server")
    configuration = tmp_path / "mosquitto.conf"
    configuration.write_text(
        f"listener {port} 127.0.0.1\nuser {getpass.getuser()}\ncafile {tmp_path}/authority.pem\ncertfile {tmp_path}/broker.pem\n"
        f"keyfile {tmp_path}/broker.key\nrequire_certificate true\nuse_identity_as_username true\n"
    )
    with subprocess.Popen([program, "-c", str(configuration)], stderr=subprocess.DEVNULL) as child:
        await_answer(port)
        yield Broker(
            "127.0.0.1",
            port,
            tls=True,
            ca=tmp_path / "authority.pem",
            certificate=tmp_path / "server.pem",
            key=tmp_path / "server.key",
        )
        child.terminate()


def await_answer(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


def link_to(broker: Broker, shell: Shell) -> Link:
    envelopes = Envelopes("test", shell.clock, lambda count: bytes(count))
    return Link(broker, "test", envelopes, CardLists, shell.clock)


def answered(link: Link, shell: Shell, wait_s: float = 10.0) -> bool:
    """Whether the broker lets us in."""
    desk = WriterThread(shell.writer, link, lambda error: None)
    desk.start()
    link.start(desk)
    deadline = time.monotonic() + wait_s
    while not link.listening and time.monotonic() < deadline:
        time.sleep(0.02)
    heard = link.listening
    link.stop()
    desk.stop()
    return heard


def test_with_the_right_certificates_the_broker_lets_the_server_in(broker: Broker) -> None:
    shell = Shell()
    assert answered(link_to(broker, shell), shell)


# paho lets go of the socket of a failed handshake without closing it; the collector does
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_another_authority_vouches_for_is_not_believed(
    broker: Broker, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Authority(other)
    shell = Shell()
    line = link_to(replace(broker, ca=other / "authority.pem"), shell)
    assert not answered(line, shell, 2.0)


def test_a_certificate_that_is_not_there_is_told_before_anything_is_opened(
    broker: Broker, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="tls_certificate"):
        link_to(replace(broker, certificate=tmp_path / "nothing.pem"), Shell())

"""The certificates of a hospital's own authority."""

import ssl
import stat
from pathlib import Path

import pytest

from daozhen.certificates import make_authority, make_broker, make_client


def _agreed(folder: Path) -> str:
    """Two ends shake hands in memory, the client as strict as Python 3.13."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "broker.crt", folder / "broker.key")
    server.load_verify_locations(folder / "ca.crt")
    server.verify_mode = ssl.CERT_REQUIRED
    server.verify_flags |= ssl.VERIFY_X509_STRICT
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(folder / "ca.crt")
    client.load_cert_chain(folder / "k01.crt", folder / "k01.key")
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(down, up, server_hostname="localhost"),
        server.wrap_bio(up, down, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return str(ends[0].version())


def test_strict_ends_accept_each_other(tmp_path: Path) -> None:
    make_authority(tmp_path)
    make_broker(tmp_path, ["localhost"])
    make_client(tmp_path, "k01")
    assert _agreed(tmp_path) == "TLSv1.3"


@pytest.mark.parametrize("name", ["../evil", "a/b", "k+", "#", "", "k 1", "-k", "k" * 65])
def test_a_name_that_leaves_its_place_gets_no_certificate(tmp_path: Path, name: str) -> None:
    make_authority(tmp_path / "tls")
    with pytest.raises(ValueError, match="is no name"):
        make_client(tmp_path / "tls", name)
    assert [each.name for each in tmp_path.iterdir()] == ["tls"]


def test_a_key_is_for_its_owner_and_never_written_over(tmp_path: Path) -> None:
    make_authority(tmp_path)
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        make_authority(tmp_path)

"""Which phone a link belongs to."""

from datetime import timedelta
from pathlib import Path

from queue_server.family import Devices
from tests.queue_server.core.makers import NINE

UNTIL = NINE + timedelta(hours=18)


def test_the_first_phone_has_it_and_nobody_else(tmp_path: Path) -> None:
    devices = Devices(tmp_path / "family.db")
    secret = devices.take("link", UNTIL, NINE)
    assert secret
    assert devices.take("link", UNTIL, NINE) is None
    assert devices.holds("link", secret)
    for wrong in (None, "", secret[:-1], "0" * 32):
        assert not devices.holds("link", wrong)
    assert not devices.holds("other", secret)
    devices.close()


def test_a_restart_forgets_no_phone_and_keeps_no_secret_in_the_clear(tmp_path: Path) -> None:
    file = tmp_path / "family.db"
    devices = Devices(file)
    secret = devices.take("link", UNTIL, NINE)
    assert secret
    devices.close()
    assert secret.encode() not in file.read_bytes()
    again = Devices(file)
    assert again.holds("link", secret)
    again.close()


def test_links_that_are_over_are_forgotten() -> None:
    devices = Devices(":memory:")
    secret = devices.take("link", UNTIL, NINE)
    devices.take("another", UNTIL + timedelta(days=1), UNTIL + timedelta(minutes=1))
    assert not devices.holds("link", secret)
    devices.close()

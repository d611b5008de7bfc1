"""Settings: file, environment, options; and what is told when they are wrong."""

import base64
from pathlib import Path

import pytest

from queue_server.broker import parse_broker
from queue_server.errors import SettingsError
from queue_server.settings import ServerSettings, data_folder


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ServerSettings.model_fields:
        monkeypatch.delenv(f"QUEUE_SERVER_{name.upper()}", raising=False)


def test_loopback_is_the_default() -> None:
    assert ServerSettings.load(site="x.toml").host == "127.0.0.1"


def test_options_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.toml"
    file.write_text('site = "file.toml"\nport = 1\nhost = "127.0.0.2"\nhosts = ["a.example"]')
    monkeypatch.setenv("QUEUE_SERVER_PORT", "2")
    monkeypatch.setenv("QUEUE_SERVER_HOST", "127.0.0.3")
    settings = ServerSettings.load(file, port=3)
    assert (settings.site, settings.port, settings.host) == (Path("file.toml"), 3, "127.0.0.3")
    assert settings.hosts == ("a.example",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "Setting site is missing"),
        ('site = "x"\nprot = 80', "Setting prot is not known here"),
        ('site = "x"\nport = "eighty"', "Setting port is 'eighty'"),
        ("site = ", "is not TOML"),
    ],
)
def test_a_wrong_settings_file_is_told_in_sentences(
    tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "server.toml").write_text(content)
    with pytest.raises(SettingsError, match=told):
        ServerSettings.load(tmp_path / "server.toml")


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.toml can't be read"):
        ServerSettings.load(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://broker", "broker", 1883, False),
        ("mqtts://broker.example", "broker.example", 8883, True),
        ("mqtt://[::1]:99", "::1", 99, False),
    ],
)
def test_a_broker_has_an_address(url: str, host: str, port: int, tls: bool) -> None:
    broker = parse_broker(url)
    assert (broker.host, broker.port, broker.tls) == (host, port, tls)


@pytest.mark.parametrize("url", ["", "broker:1883", "http://broker", "mqtt://", "mqtt://b:99999"])
def test_what_is_no_broker_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="mqtt://host:1883"):
        parse_broker(url)


def test_a_password_has_no_place_in_an_address_and_is_never_shown() -> None:
    with pytest.raises(SettingsError, match="BROKER_PASSWORD") as refused:
        parse_broker("mqtt://me:secret@broker")
    assert "secret" not in str(refused.value)
    settings = ServerSettings.load(
        site="x", broker="mqtt://b", broker_user="me", broker_password="secret"
    )
    broker = settings.broker_address()
    assert broker
    assert broker.password == "secret"
    assert "secret" not in f"{settings!r} {broker!r} {broker}"


def test_a_root_key_is_checked_when_it_is_needed() -> None:
    assert ServerSettings.load(site="x").card_root_key() is None
    good = base64.b64encode(bytes(32)).decode()
    assert ServerSettings.load(site="x", card_root=good).card_root_key()
    for wrong in ("short", base64.b64encode(bytes(31)).decode()):
        with pytest.raises(SettingsError, match="44 characters of base64"):
            ServerSettings.load(site="x", card_root=wrong).card_root_key()


def test_the_data_folder_is_found_without_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.toml"
    file.write_text('data = "from-file"')
    assert data_folder(None, None) == Path("var/queue-server")
    assert data_folder(file, None) == Path("from-file")
    monkeypatch.setenv("QUEUE_SERVER_DATA", "from-environment")
    assert data_folder(file, None) == Path("from-environment")
    assert data_folder(file, Path("given")) == Path("given")

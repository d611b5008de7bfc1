"""Settings and the command."""

import socket
from pathlib import Path

import pytest

from kiosk_app import KioskSettings
from kiosk_app.cli import main
from tests.kiosk_app.stage import settings


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('site = "xinghe"\nagent = "k07"\nport = 9000\ntitle_en = "Here"\n')
    monkeypatch.setenv("KIOSK_APP_PORT", "9001")
    loaded = KioskSettings.load(file)
    assert (loaded.port, loaded.title_en, loaded.prefix) == (9001, "Here", "K07")


def test_the_page_is_for_this_machine_alone_unless_told_otherwise(tmp_path: Path) -> None:
    usual = settings(tmp_path)
    assert usual.host == "127.0.0.1"
    assert set(usual.hosts) == {"127.0.0.1", "localhost", "::1"}


@pytest.mark.parametrize(
    ("sources", "camera", "scanner"),
    [
        ((), False, False),
        (("camera:0",), True, False),
        (("video:x.avi", "wedge:name=*"), True, True),
        (("serial:/dev/x",), False, True),
    ],
)
def test_the_screen_knows_what_cards_are_held_up_to(
    tmp_path: Path, sources: tuple[str, ...], camera: bool, scanner: bool
) -> None:
    kiosk = settings(tmp_path, sources=sources)
    assert (kiosk.has_camera, kiosk.has_scanner) == (camera, scanner)


def config(tmp_path: Path, **more: object) -> str:
    lines = [f'site = "xinghe"\nagent = "k07"\ndata = "{tmp_path}/data"\nvoice = "off"\n']
    lines += [f"{key} = {value!r}\n" for key, value in more.items()]
    file = tmp_path / "kiosk.toml"
    file.write_text("".join(lines))
    return str(file)


def test_a_wrong_setting_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--config", config(tmp_path, prot=8081)]) == 2
    assert "Setting prot" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--config", "/nowhere/kiosk.toml"]) == 2
    assert "/nowhere/kiosk.toml does not exist" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["run", "--config", config(tmp_path, port=port)]) == 2
    assert f"can't be served on 127.0.0.1 port {port}" in capsys.readouterr().err

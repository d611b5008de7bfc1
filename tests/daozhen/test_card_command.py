"""`daozhen card`, as an operator uses it."""

import json
from pathlib import Path

import pytest

from daozhen.cli import main


class Office:
    """A folder with a root key, an issuer key and a key set."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.root = self.say(0, "keys", "new", "root.pem").strip()
        self.say(0, "keys", "new", "issuer.pem")
        self.say(
            0,
            "keys",
            "publish",
            "--root",
            self.at("root.pem"),
            "--key",
            f"1={self.at('issuer.pem')}",
            "--out",
            self.at("ks"),
        )

    def at(self, name: str) -> str:
        return str(self.folder / name)

    def say(self, status: int, *words: str) -> str:
        given = [
            self.at(word) if word.endswith(".pem") and "/" not in word else word for word in words
        ]
        assert main(["card", *given]) == status
        out = self._capsys.readouterr()
        return out.out if status != 2 else out.err

    def issue(self, *more: str) -> dict[str, str]:
        words = ("issue", "--key", self.at("issuer.pem"), "--kid", "1", "--json", *more)
        answer: dict[str, str] = json.loads(self.say(0, *words))
        return answer

    def verify(self, status: int, card: str, *more: str) -> str:
        return self.say(
            status, "verify", card, "--keyset", self.at("ks"), "--root", self.root, *more
        )


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


def test_a_card_is_issued_drawn_read_back_and_good(office: Office) -> None:
    office.issue("--out", office.at("card.png"))
    assert office.verify(0, office.at("card.png")).startswith("Good")


def test_a_revoked_card_is_not_good(office: Office) -> None:
    card = office.issue()
    revoke = (
        "revoke",
        card["id"],
        "--key",
        office.at("issuer.pem"),
        "--kid",
        "1",
        "--keyset",
        office.at("ks"),
    )
    office.say(0, *revoke, "--root", office.root, "--list", office.at("rl"))
    assert "revoked" in office.verify(1, card["text"], "--revoked", office.at("rl"))
    assert office.verify(0, card["text"])


def test_the_counter_of_a_key_set_rises(office: Office) -> None:
    again = (
        "keys",
        "publish",
        "--root",
        office.at("root.pem"),
        "--key",
        f"1={office.at('issuer.pem')}",
        "--out",
        office.at("ks"),
    )
    assert "counter 2" in office.say(0, *again)


def test_a_key_is_never_written_over_and_is_for_its_owner_alone(office: Office) -> None:
    assert "never written over" in office.say(2, "keys", "new", "root.pem")
    assert (office.folder / "root.pem").stat().st_mode & 0o077 == 0


def test_a_passphrase_protects_a_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAOZHEN_KEY_PASSPHRASE", "a sentence")
    office.say(0, "keys", "new", "locked.pem")
    assert b"ENCRYPTED" in (office.folder / "locked.pem").read_bytes()
    monkeypatch.delenv("DAOZHEN_KEY_PASSPHRASE")
    error = office.say(2, "issue", "--key", office.at("locked.pem"), "--kid", "1")
    assert "DAOZHEN_KEY_PASSPHRASE" in error


@pytest.mark.parametrize("card", ["HELLO", "EVC1AAAA", "就诊卡"])
def test_what_is_no_card_is_not_good(office: Office, card: str) -> None:
    assert office.verify(1, card).startswith("Not good")


def test_a_dynamic_code_is_good_now(office: Office) -> None:
    assert office.verify(0, office.issue("--dynamic")["text"])


def test_mistakes_are_answered_in_sentences(office: Office) -> None:
    assert "20 hex digits" in office.say(
        2, "issue", "--key", office.at("issuer.pem"), "--kid", "1", "--id", "xyz"
    )
    assert ".png or .svg" in office.say(2, "show", "HELLO", "--out", "card.gif")
    assert "No such file" in office.say(2, "issue", "--key", office.at("none.pem"), "--kid", "1")


def test_revoking_again_never_brings_a_card_back(office: Office) -> None:
    card = office.issue("--sequence", "5")
    revoke = (
        "revoke",
        card["id"],
        "--key",
        office.at("issuer.pem"),
        "--kid",
        "1",
        "--keyset",
        office.at("ks"),
    )
    for more in ((), ("--below", "2")):
        office.say(0, *revoke, "--root", office.root, "--list", office.at("rl"), *more)
    office.verify(1, card["text"], "--revoked", office.at("rl"))


def test_a_key_that_is_not_named_again_keeps_its_cards(office: Office) -> None:
    card = office.issue()
    office.say(0, "keys", "new", "second.pem")
    office.say(
        0,
        "keys",
        "publish",
        "--root",
        office.at("root.pem"),
        "--key",
        f"2={office.at('second.pem')}",
        "--out",
        office.at("ks"),
    )
    assert office.verify(0, card["text"])


def test_numbers_and_zones_that_make_no_sense_are_said_in_a_sentence(office: Office) -> None:
    issue = ("issue", "--key", office.at("issuer.pem"), "--kid", "1")
    assert "--days" in office.say(2, *issue, "--days", "99999999")
    assert "time zone" in office.verify(2, "HELLO", "--timezone", "Nope/Nope")
    assert "characters" in office.say(2, "show", "A" * 5000)

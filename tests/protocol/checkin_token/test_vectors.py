"""The published vectors, checked as an app developer would, and by other implementations than ours."""

import json
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daozhen.token_vectors import vectors
from protocol.checkin_token import read_token, tokens_in

PUBLISHED = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "chk.json").read_text())


def test_the_published_vectors_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(vectors())) == PUBLISHED


def test_the_tokens_follow_from_the_definition_alone() -> None:
    for each in PUBLISHED["tokens"]:
        key = HKDF(SHA256(), 16, None, b"CHK-RPIK").derive(bytes.fromhex(each["visit_key_hex"]))
        block = b"CHK-RPI\0" + bytes(4) + (each["unix_s"] // 900).to_bytes(4, "big")
        value = Cipher(AES(key), ECB()).encryptor().update(block)[:9]  # noqa: S305  # one block
        head = bytes.fromhex(PUBLISHED["namespace_hex"]) + bytes([0x10 | each["flags"]])
        assert each["t_hex"] == value.hex()
        assert UUID(each["uuid"]).bytes == head + value


def test_the_carriers_lead_to_the_first_token() -> None:
    for each in PUBLISHED["carriers"]:
        data = bytes.fromhex(each.get("data_hex", ""))
        [found] = tokens_in(each.get("service_uuids", []), {each.get("company", 0): data})
        assert (found.carrier, found.token.text) == (
            each["carrier"],
            PUBLISHED["tokens"][0]["t_hex"],
        )


def test_the_answer_follows_from_the_definition_alone() -> None:
    challenge = PUBLISHED["challenge"]
    mac = CMAC(AES(bytes.fromhex(challenge["visit_key_hex"])))
    mac.update(bytes.fromhex(challenge["nonce_hex"]) + challenge["agent"].encode())
    mac.update(challenge["window"].to_bytes(4, "big"))
    assert mac.finalize()[:8].hex() == challenge["answer_hex"]


def test_what_is_no_token_is_none() -> None:
    assert [read_token(bytes.fromhex(each["hex"])) for each in PUBLISHED["not_tokens"]] == [
        None
    ] * len(PUBLISHED["not_tokens"])

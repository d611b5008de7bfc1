"""Keys of the visit card on disk: `daozhen card keys`, and what its neighbours need of them."""

import argparse
import base64
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from protocol.card import Key, KeySet, Use, open_key_set, sign_key_set

PASSPHRASE: Final = "DAOZHEN_KEY_PASSPHRASE"  # noqa: S105  # the variable, not what is in it


class CardCommandError(Exception):
    """The command can't be carried out; the message is a sentence."""


def add_keys_command(
    actions: Any,
) -> None:  # argparse names the type of sub-parsers only in private
    """Add `keys` to the card's commands."""
    keys = actions.add_parser("keys", help="make keys, and publish the key set")
    parts = keys.add_subparsers(required=True, metavar="ACTION")
    new = parts.add_parser("new", help="make a private key; prints the public one")
    new.add_argument("file", type=Path)
    new.set_defaults(run=_keys_new)
    publish = parts.add_parser("publish", help="sign the key set with the offline root")
    publish.add_argument(
        "--root", type=Path, required=True, metavar="FILE", help="the root's private key"
    )
    publish.add_argument(
        "--key",
        action="append",
        required=True,
        metavar="KID=FILE",
        help="an issuer's key; may be given again",
    )
    publish.add_argument(
        "--days", type=int, default=730, help="the keys are good for so long (730)"
    )
    publish.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the signed key set; an older one there gives the counter",
    )
    publish.set_defaults(run=_keys_publish)


def _keys_new(given: argparse.Namespace) -> int:
    if given.file.exists():
        raise CardCommandError(f"{given.file} exists; a key is never written over.")
    key = Ed25519PrivateKey.generate()
    phrase = os.environ.get(PASSPHRASE, "").encode()
    how = BestAvailableEncryption(phrase) if phrase else NoEncryption()
    descriptor = os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    sys.stdout.write(base64.b64encode(key.public_key().public_bytes_raw()).decode() + "\n")
    return 0


def _keys_publish(given: argparse.Namespace) -> int:
    root = private_key(given.root)
    today = datetime.now(UTC).date()
    known = open_key_set(given.out.read_bytes(), root.public_key()) if given.out.is_file() else None
    before = known.by_id if known else {}
    named = {key.kid: key for key in (_published(spec, today, given.days) for spec in given.key)}
    keys = tuple({**before, **named}.values())  # cards of a key that is not named again live on
    counter = known.counter + 1 if known else 1
    key_set = KeySet(counter=counter, issued_at=datetime.now(UTC), keys=keys)
    replace_file(given.out, sign_key_set(key_set, root))
    sys.stdout.write(f"{len(keys)} keys; the set has counter {counter}." + "\n")
    return 0


def _published(spec: str, today: date, days: int) -> Key:
    kid, equals, file = spec.partition("=")
    if not equals or not kid.isdecimal() or int(kid) > 255:
        raise CardCommandError(f"{spec!r}: write KID=FILE, with a KID of 0–255.")
    public = base64.b64encode(private_key(Path(file)).public_key().public_bytes_raw())
    return Key(
        kid=int(kid),
        public=public,
        first_day=today - timedelta(1),
        last_day=today + timedelta(days),
        uses=frozenset(Use),
    )


def private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        CardCommandError: it is none, or locked by another passphrase.
        OSError: it can't be read.
    """
    phrase = os.environ.get(PASSPHRASE, "").encode() or None
    try:
        key = load_pem_private_key(path.read_bytes(), phrase)
    except (ValueError, TypeError) as error:
        raise CardCommandError(
            f"{path} can't be used as a private key: is it one, and is {PASSPHRASE} set as when it was made?"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CardCommandError(f"{path} is a key of another kind; Ed25519 is needed.")
    return key


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that it is never half there."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)

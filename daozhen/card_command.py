"""`daozhen card`: issue, show, verify and revoke visit cards, and look after the keys."""

import argparse
import base64
import json
import secrets
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from daozhen.card_keys_command import (
    CardCommandError,
    add_keys_command,
    private_key,
    replace_file,
)
from edge_agent.readers import BadPicture, grey_picture, read_still
from protocol.card import (
    SENTENCES,
    WINDOW_S,
    BadCardFields,
    BadSignedList,
    Card,
    ForeignCard,
    Issuer,
    KeySet,
    Problem,
    Revocation,
    RevocationList,
    check_card,
    new_card_id,
    open_key_set,
    open_revocations,
    qr,
    read_card,
    sign_revocations,
    stricter,
)

_EXAMPLES: Final = """\
a hospital from nothing:
  daozhen card keys new root.pem                     the offline root; prints its public key for every kiosk
  daozhen card keys new issuer-1.pem
  daozhen card keys publish --root root.pem --key 1=issuer-1.pem --out keyset.json
  daozhen card issue --key issuer-1.pem --kid 1 --days 365 --out card.png
  daozhen card verify card.png --keyset keyset.json --root PUBLIC
  daozhen card revoke 00112233445566778899 --key issuer-1.pem --kid 1 --keyset keyset.json --root PUBLIC --list revoked.json

Key files are PEM (PKCS 8), readable by you alone; with DAOZHEN_KEY_PASSPHRASE set they are encrypted by it."""


LONGEST_DAYS: Final = 36_500
LONGEST_TEXT: Final = 2_000
CARD_ERRORS: Final = (CardCommandError, BadSignedList, BadCardFields, BadPicture)
"""What a card command may end in; each says itself what is wrong."""


def add_card_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `card` to a program's commands."""
    card = commands.add_parser(
        "card",
        help="make, check and revoke visit cards",
        description="QR visit cards (EVC). Exit status: 0 done or good, 1 the card is not good, 2 it can't be done so.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = card.add_subparsers(required=True, metavar="ACTION")
    _add_issue(actions)
    _add_show(actions)
    _add_verify(actions)
    _add_revoke(actions)
    add_keys_command(actions)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


# ---- issue and show -----------------------------------------------------------------------------


def _add_issue(actions: Any) -> None:  # argparse names the type of sub-parsers only in private
    issue = actions.add_parser("issue", help="make a card")
    _add_signer(issue)
    issue.add_argument(
        "--days", type=int, default=365, help="good for so many days from today (365)"
    )
    issue.add_argument("--id", metavar="HEX", help="card id, 20 hex digits; random when left out")
    issue.add_argument(
        "--sequence", type=int, default=0, help="rises when a card is issued again (0)"
    )
    issue.add_argument(
        "--dynamic", action="store_true", help="a code that dies with its half minute (EVC3)"
    )
    _add_out(issue)
    issue.add_argument("--json", action="store_true", help="print id and text as JSON")
    issue.set_defaults(run=_issue)


def _add_signer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the issuer's private key"
    )
    parser.add_argument("--kid", type=int, required=True, help="its number in the key set, 0–255")


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="FILE", default="-", help="FILE.png, FILE.svg, or - for this terminal (-)"
    )


def _issue(given: argparse.Namespace) -> int:
    card_id = _card_id(given.id)
    text = _minted(given, card_id)
    if given.json:
        _say(json.dumps({"id": card_id.hex(), "text": text}))
    else:
        _say(f"card id  {card_id.hex()}\ntext     {text}")
    if not (given.json and given.out == "-"):
        _draw(text, given.out)
    return 0


def _minted(given: argparse.Namespace, card_id: bytes) -> str:
    if not 1 <= given.days <= LONGEST_DAYS:
        raise CardCommandError(f"--days is a number of 1–{LONGEST_DAYS}.")
    today = datetime.now(UTC).date()
    issuer = Issuer(given.kid, private_key(given.key))
    days = (today - timedelta(1), today + timedelta(given.days))
    if given.dynamic:
        return issuer.dynamic(card_id, *days, datetime.now(UTC), given.sequence)
    return issuer.static(card_id, *days, given.sequence)


def _card_id(given: str | None) -> bytes:
    if given is None:
        return new_card_id(secrets.token_bytes)
    try:
        card_id = bytes.fromhex(given)
    except ValueError:
        card_id = b""
    if len(card_id) != 10:
        raise CardCommandError(f"{given!r} is no card id: it is 20 hex digits.")
    return card_id


def _draw(text: str, out: str) -> None:
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise CardCommandError(f"A code holds 1–{LONGEST_TEXT} characters.")
    match Path(out).suffix.lower():
        case ".png":
            Path(out).write_bytes(qr.png(text))
        case ".svg":
            Path(out).write_text(qr.svg(text), "utf-8")
        case "" if out == "-":
            _say(qr.terminal(text))
        case _:
            raise CardCommandError(
                f"{out!r}: a card is drawn as .png or .svg, or - for this terminal."
            )


def _add_show(actions: Any) -> None:  # as above
    show = actions.add_parser(
        "show", help="draw a card's text; or a dynamic code that renews itself"
    )
    show.add_argument(
        "text", nargs="?", help="the text of a card; left out with --key for a dynamic code"
    )
    show.add_argument(
        "--key", type=Path, metavar="FILE", help="the issuer's private key, for a dynamic code"
    )
    show.add_argument("--kid", type=int, default=1, help="its number in the key set (1)")
    show.add_argument("--id", metavar="HEX", help="card id of the dynamic code")
    show.add_argument("--watch", action="store_true", help="renew it until stopped")
    _add_out(show)
    show.set_defaults(run=_show, days=365, sequence=0, dynamic=True)


def _show(given: argparse.Namespace) -> int:
    if given.text:
        _draw(given.text, given.out)
        return 0
    if given.key is None:
        raise CardCommandError("Give the text of a card, or --key and --id for a dynamic code.")
    card_id = _card_id(given.id)
    while True:
        _draw(_minted(given, card_id), given.out)
        if not given.watch:
            return 0
        time.sleep(WINDOW_S - time.time() % WINDOW_S)


# ---- verify -------------------------------------------------------------------------------------


def _add_verify(actions: Any) -> None:  # as above
    verify = actions.add_parser("verify", help="say whether a card is good")
    verify.add_argument(
        "card",
        help="the text of a card, a picture of it, or - to read the text from standard input",
    )
    _add_lists(verify)
    verify.add_argument("--revoked", type=Path, metavar="FILE", help="the signed revocation list")
    verify.add_argument(
        "--timezone", default="Asia/Shanghai", help="of the hospital (Asia/Shanghai)"
    )
    verify.add_argument("--json", action="store_true", help="the answer as JSON")
    verify.set_defaults(run=_verify)


def _add_lists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keyset", type=Path, required=True, metavar="FILE", help="the signed key set"
    )
    parser.add_argument(
        "--root",
        required=True,
        metavar="KEY",
        help="the public root key, base64, or a file with it",
    )


def _verify(given: argparse.Namespace) -> int:
    keys = _key_set(given)
    revoked = open_revocations(given.revoked.read_bytes(), keys) if given.revoked else None
    card = read_card(_held_up(given.card))
    now = datetime.now(UTC)
    problem = _problem(card, keys, revoked, now, now.astimezone(_zone(given.timezone)).date())
    answer: dict[str, object] = {
        "good": problem is None,
        "problem": problem.value if problem else None,
    }
    if isinstance(card, Card):
        answer |= {
            "id": card.id,
            "kind": card.kind.name.lower(),
            "sequence": card.sequence,
            "kid": card.key_id,
            "first_day": card.first_day.isoformat(),
            "last_day": card.last_day.isoformat(),
        }
    if isinstance(card, ForeignCard):
        answer |= {"scheme": card.scheme}
    _say(json.dumps(answer) if given.json else _sentence(problem, answer))
    return 0 if problem is None else 1


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CardCommandError(f"{name!r} is no time zone; write e.g. Asia/Shanghai.") from error


def _held_up(given: str) -> bytes:
    if given == "-":
        return sys.stdin.buffer.read(100_000)
    path = Path(given)
    if len(given) < 250 and path.is_file():
        readings = read_still(grey_picture(path.read_bytes()))
        if not readings:
            raise CardCommandError(f"No code was found in {path}.")
        return readings[0].payload
    return given.encode()


def _problem(
    card: Card | ForeignCard | Problem,
    keys: KeySet,
    revoked: RevocationList | None,
    now: datetime,
    today: date,
) -> Problem | None:
    match card:
        case Problem():
            return card
        case ForeignCard():
            return None  # only the hospital's register can say
        case Card():
            return check_card(card, keys, revoked, now=now, today=today)


def _sentence(problem: Problem | None, answer: dict[str, object]) -> str:
    facts = ", ".join(
        f"{name} {value}" for name, value in answer.items() if name not in ("good", "problem")
    )
    if problem is None:
        return f"Good: {facts}."
    return f"Not good ({problem.value}): {SENTENCES[problem][0].en} {facts}".rstrip()


# ---- revoke ----------------------------------------------------------------------------


def _add_revoke(actions: Any) -> None:  # as above
    revoke = actions.add_parser(
        "revoke", help="put a card on the revocation list, and sign it anew"
    )
    revoke.add_argument("id", help="card id, or its first 8–20 hex digits")
    revoke.add_argument(
        "--below", type=int, metavar="SEQUENCE", help="only issues before this sequence"
    )
    _add_signer(revoke)
    _add_lists(revoke)
    revoke.add_argument(
        "--list",
        type=Path,
        required=True,
        metavar="FILE",
        help="the revocation list; made when it is not there",
    )
    revoke.set_defaults(run=_revoke)


def _revoke(given: argparse.Namespace) -> int:
    keys = _key_set(given)
    known = open_revocations(given.list.read_bytes(), keys) if given.list.is_file() else None
    try:
        entry = Revocation(card=given.id.lower(), below=given.below)
    except ValueError as error:
        raise CardCommandError(
            f"{given.id!r} is no card id: give its first 8–20 hex digits."
        ) from error
    for each in known.entries if known else ():
        if each.card == entry.card:
            entry = stricter(entry, each)  # revoking again never brings a card back
    entries = tuple(each for each in (known.entries if known else ()) if each.card != entry.card)
    counter = known.counter + 1 if known else 1
    revoked = RevocationList(
        counter=counter, issued_at=datetime.now(UTC), entries=(*entries, entry)
    )
    signed = sign_revocations(revoked, given.kid, private_key(given.key))
    open_revocations(signed, keys)  # a key that may not revoke is noticed here, not at a kiosk
    replace_file(given.list, signed)
    _say(f"{len(revoked.entries)} revoked; the list has counter {counter}.")
    return 0


def _key_set(given: argparse.Namespace) -> KeySet:
    text = Path(given.root).read_text() if Path(given.root).is_file() else given.root
    try:
        root = Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except ValueError as error:
        raise CardCommandError("--root is no public key: it is 44 characters of base64.") from error
    return open_key_set(given.keyset.read_bytes(), root)

"""JSON as maps bring it: with a byte order mark, in another encoding, with NaN in it; hostile ones end in a finding."""

import codecs
import json
from typing import Final

import msgspec

from nav_maps.findings import Finding, finding
from nav_maps.reading.files import Member

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS: Final = ("utf-8", "gb18030", "latin-1")


def decoded(member: Member, findings: list[Finding]) -> object:
    """The value of a JSON file, or None and a finding.

    Numbers that are none (NaN, Infinity) become None.
    """
    try:
        return msgspec.json.decode(member.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    text, encoding = _text(member.data)
    try:
        value = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        findings.append(finding("file-broken", member.name, name=member.name, why=_why(error)))
        return None
    if encoding not in {"utf-8", "utf-8-sig"}:
        findings.append(
            finding("file-encoding", member.name, name=member.name, encoding=encoding.upper())
        )
    return value


def _text(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    for encoding in _OTHERS:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace"), "utf-8"  # pragma: no cover  # latin-1 takes all


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error).splitlines()[0][:120] if str(error) else "it is empty"

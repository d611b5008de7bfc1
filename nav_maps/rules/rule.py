"""What a rule is, and the short ways to write one down."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps somebody from getting there (or a program from reading); a warning misleads; a note is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences with slots in braces. `mended`: the reader sets it right itself and goes on."""

    id: str
    severity: Severity
    what: Mapping[str, str]
    remedy: Mapping[str, str]
    mended: bool = False


def error(id: str, *texts: str, mended: bool = False) -> Rule:
    """A rule of this severity: what in Chinese, in English, the remedy in Chinese, in English."""
    return _rule(id, Severity.ERROR, texts, mended)


def warning(id: str, *texts: str, mended: bool = False) -> Rule:
    """A rule of this severity: what in Chinese, in English, the remedy in Chinese, in English."""
    return _rule(id, Severity.WARNING, texts, mended)


def note(id: str, *texts: str, mended: bool = False) -> Rule:
    """A rule of this severity: what in Chinese, in English, the remedy in Chinese, in English."""
    return _rule(id, Severity.NOTE, texts, mended)


def _rule(id: str, severity: Severity, texts: tuple[str, ...], mended: bool) -> Rule:
    what_zh, what_en, remedy_zh, remedy_en = texts
    return Rule(
        id, severity, {"zh": what_zh, "en": what_en}, {"zh": remedy_zh, "en": remedy_en}, mended
    )

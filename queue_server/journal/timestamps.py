"""Moments as they stand in the tables."""

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """An aware moment in UTC, to the millisecond: sorts by time, and every SQL tool reads it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

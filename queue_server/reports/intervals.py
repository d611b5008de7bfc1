"""Arithmetic on spans of time: join, subtract, intersect, total. Spans are half open and their ends aware."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans without overlaps; empty and reversed ones are left out."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common(ones: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What both have in common."""
    found: list[Span] = []
    left, right = joined(ones), joined(others)
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` when `taken` is cut out."""
    found: list[Span] = []
    cuts = joined(taken)
    for start, end in joined(spans):
        for cut_start, cut_end in cuts:
            if cut_end <= start:
                continue
            if cut_start >= end:
                break
            if start < cut_start:
                found.append((start, cut_start))
            start = max(start, cut_end)
        if start < end:
            found.append((start, end))
    return found


def total(spans: Iterable[Span]) -> timedelta:
    """How long they are, all together."""
    return sum((end - start for start, end in spans), timedelta())

"""Boosted trees as plain arrays: asked one row at a time by small steps of numpy, kept in a file without any code.

scikit-learn grows them (see `training`); nothing of it is needed to ask them. All trees are walked at once, a level at a time,
which takes as many steps as the deepest has levels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from queue_server.learned.errors import ForecastFileError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
"""What numpy looks up by without converting; files have 32 bits."""
DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class Trees:
    """Several forests over the same figures, one for each level that is asked for.

    A leaf leads to itself, so that walking on from it does no harm.
    """

    start: Floats
    """Shape (forests,): what each begins with."""
    roots: Ints
    """Shape (forests, trees): the first node of each tree."""
    figure: Ints
    """Shape (nodes,): which figure is looked at; plus the number of figures where a missing one goes right."""
    threshold: Floats
    """Shape (nodes,): up to this one goes left."""
    children: Ints
    """Shape (2 × nodes,): the left child of node n stands at 2 n, the right one after it."""
    value: Floats
    """Shape (nodes,): what a leaf adds."""
    depth: int
    figures: int
    """How many figures a row has."""

    def __call__(self, row: Sequence[float] | Floats) -> Floats:
        """What each forest says of a row; shape (forests,). NaN in the row: not known."""
        known = np.asarray(row, np.float64)
        missing = np.isnan(known)
        both = np.concatenate((np.where(missing, -np.inf, known), np.where(missing, np.inf, known)))
        node = self.roots.ravel()
        for _ in range(self.depth):
            goes_right = both.take(self.figure.take(node)) > self.threshold.take(node)
            node = self.children.take(2 * node + goes_right)
        said: Floats = self.start + self.value.take(node).reshape(self.roots.shape).sum(axis=1)
        return said

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All of it for a file."""
        return {
            "start": self.start,
            "roots": self.roots.astype(np.int32),
            "figure": self.figure.astype(np.int32),
            "threshold": self.threshold,
            "children": self.children.astype(np.int32),
            "value": self.value,
            "shape": np.array([self.depth, self.figures], np.int32),
        }


def trees_from(arrays: Mapping[str, NDArray[np.generic]]) -> Trees:
    """Read them back.

    Raises:
        ForecastFileError: something is missing, or leads out of the arrays.
    """
    try:
        depth, figures = (int(each) for each in arrays["shape"])
        trees = Trees(
            np.asarray(arrays["start"], np.float64),
            np.asarray(arrays["roots"], np.intp),
            np.asarray(arrays["figure"], np.intp),
            np.asarray(arrays["threshold"], np.float64),
            np.asarray(arrays["children"], np.intp),
            np.asarray(arrays["value"], np.float64),
            depth,
            figures,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ForecastFileError(f"The trees are not complete: {error}.") from error
    if not _is_sound(trees):
        raise ForecastFileError("The trees are damaged: a node leads nowhere.")
    return trees


def _is_sound(trees: Trees) -> bool:
    nodes = len(trees.value)
    if trees.roots.ndim != 2 or trees.start.shape != trees.roots.shape[:1]:
        return False
    columns = (trees.figure, trees.threshold, trees.value)
    if not nodes or any(each.shape != (nodes,) for each in columns):
        return False
    leads_to = (trees.roots, trees.children)
    if trees.children.shape != (2 * nodes,):
        return False
    return (
        all(bool(((each >= 0) & (each < nodes)).all()) for each in leads_to)
        and bool(((trees.figure >= 0) & (trees.figure < 2 * trees.figures)).all())
        and bool(np.isfinite(trees.value).all() and np.isfinite(trees.start).all())
        and 0 <= trees.depth <= DEEPEST
    )

"""Growing a forecast with scikit-learn (the extra `study`); the server that uses it does without."""

from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from queue_server.learned.calibration import NONE, calibrated, covered
from queue_server.learned.errors import ForecastError
from queue_server.learned.examples import Examples
from queue_server.learned.features import NAMES
from queue_server.learned.model import DAY_ONE, About, Model, beginning
from queue_server.learned.trees import Trees

Floats = NDArray[np.float64]

LEVELS: Final = (0.1, 0.5, 0.9)
LEAST_DAYS: Final = 14
"""Fewer days say too little about how days differ."""
MOST_DAYS: Final = 60
"""Older days are not learned from: a hospital changes."""
HELD_OUT: Final = 0.2
"""The last fifth of the days is kept for calibration."""
TELLING: Final = 5.0
"""Ranges are judged where the median exceeds so many minutes: at zero waiting any range is right."""
LEARNING_RATE: Final = 0.08
TREES: Final = 150
LEAVES: Final = 40
DEPTH: Final = 9
LEAST_IN_LEAF: Final = 60
SEED: Final = 1


def split(all_of: Examples, least_days: int = LEAST_DAYS) -> tuple[Examples, Examples]:
    """The days to grow on, and the last ones to calibrate on.

    Raises:
        ForecastError: there are too few days.
    """
    days = np.unique(all_of.days)
    if len(days) < max(least_days, 2):
        raise ForecastError(
            f"The journal has {len(days)} days on which families were called at clinics; "
            f"at least {max(least_days, 2)} are needed. Until then the forecast of the first day is shown."
        )
    days = days[-MOST_DAYS:]
    first, first_held_out = days[0], days[-max(1, round(len(days) * HELD_OUT))]
    to_grow = (all_of.days >= first) & (all_of.days < first_held_out)
    return all_of.where(to_grow), all_of.where(all_of.days >= first_held_out)


def train(to_grow: Examples, to_calibrate: Examples, now: datetime | None = None) -> Model:
    """Grow the trees on some days, and calibrate them on others.

    Raises:
        ForecastError: scikit-learn is not there.
    """
    regressor, one_thread, version = _scikit_learn()
    start = beginning(to_grow.figures)
    figures = _without_empty(to_grow.figures)
    forests = []
    for level in LEVELS:
        forest = regressor(
            loss="quantile",
            quantile=level,
            learning_rate=LEARNING_RATE,
            max_iter=TREES,
            max_leaf_nodes=LEAVES,
            max_depth=DEPTH,
            min_samples_leaf=min(LEAST_IN_LEAF, max(2, len(to_grow) // 20)),
            l2_regularization=1.0,
            early_stopping=False,
            random_state=SEED,
        )
        with one_thread(1):
            forests.append(forest.fit(figures, to_grow.waits - start))
    trees = as_trees(forests, to_grow.figures[:20])
    joined = to_calibrate.where(to_calibrate.joined)
    low, median, high = _said(forests, joined.figures)
    calibration = calibrated(low, median, high, joined.waits) if len(joined) else NONE
    about = _about(to_grow, joined, (low, median, high), version, now or datetime.now(UTC))
    return Model(trees, calibration, about)


def _without_empty(figures: Floats) -> Floats:
    """A figure that was never known is zero throughout, so that no tree looks at it."""
    empty = np.isnan(figures).all(axis=0)
    return np.where(empty, 0.0, figures)


def _scikit_learn() -> tuple[Any, Any, str]:  # they publish no types
    """The regressor, what keeps it to some threads, and the version.

    One thread is best beside a running server: on busy cores its threads wait for each other many times longer.
    """
    try:
        import sklearn
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types
    except ImportError as error:
        raise ForecastError(
            'Learning needs scikit-learn: pip install "daozhen[study]". The server itself does without.'
        ) from error
    return HistGradientBoostingRegressor, threadpool_limits, f"scikit-learn {sklearn.__version__}"


def _said(forests: list[Any], figures: Floats) -> tuple[Floats, Floats, Floats]:
    start = beginning(figures)
    low, median, high = (np.asarray(each.predict(figures), float) + start for each in forests)
    return low, np.maximum(median, 0.0), high


def _about(
    grown: Examples,
    held_out: Examples,
    said: tuple[Floats, Floats, Floats],
    version: str,
    now: datetime,
) -> About:
    low, median, high = said
    telling = median > TELLING
    day_one = held_out.figures[:, DAY_ONE]
    both = ~np.isnan(day_one)
    days = np.unique(np.concatenate([grown.days, held_out.days]))
    return About(
        made_at=now.astimezone(UTC).isoformat(),
        first_day=date.fromordinal(int(days[0])).isoformat(),
        last_day=date.fromordinal(int(days[-1])).isoformat(),
        days=len(days),
        days_held_out=len(np.unique(held_out.days)),
        rows=len(grown),
        error=_mean(np.abs(median - held_out.waits)[both]),
        error_day_one=_mean(np.abs(day_one - held_out.waits)[both]),
        covered=covered(low[telling], high[telling], held_out.waits[telling]),
        grown_by=version,
    )


def _mean(values: Floats) -> float:
    return round(float(values.mean()), 3) if len(values) else float("nan")


def as_trees(forests: list[Any], check: Floats) -> Trees:
    """The forests of scikit-learn as arrays of ours.

    Args:
        forests: fitted regressors, all with the same number of trees.
        check: rows on which both must say the same.

    Raises:
        ForecastError: they don't, so this version of scikit-learn keeps its trees in another way.
    """
    all_nodes = [[predictor.nodes for (predictor,) in forest._predictors] for forest in forests]
    counts = [len(nodes) for forest in all_nodes for nodes in forest]
    starts = np.cumsum([0, *counts[:-1]])
    nodes = np.concatenate([nodes for forest in all_nodes for nodes in forest])
    offset, own = np.repeat(starts, counts), np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    right_if_missing = np.where(nodes["missing_go_to_left"].astype(bool), 0, len(NAMES))
    # an infinite threshold tells known from missing figures, which stand for ±infinity here
    threshold = np.minimum(nodes["num_threshold"], np.finfo(float).max)
    children = np.empty(2 * len(nodes), np.intp)
    for place, side in enumerate(("left", "right")):
        children[place::2] = np.where(leaf, own, nodes[side].astype(np.intp) + offset)
    trees = Trees(
        np.array([float(np.ravel(forest._baseline_prediction)[0]) for forest in forests]),
        starts.reshape(len(forests), -1).astype(np.intp),
        np.where(leaf, 0, nodes["feature_idx"].astype(np.intp) + right_if_missing),
        np.where(leaf, np.inf, threshold),
        children,
        np.where(leaf, nodes["value"], 0.0),
        int(nodes["depth"].max()),
        len(NAMES),
    )
    theirs = np.array([forest.predict(check) for forest in forests]).T
    ours = np.array([trees(row) for row in check])
    if not np.allclose(ours, theirs, atol=1e-6):
        raise ForecastError(
            "The trees could not be taken over from this version of scikit-learn; please report its version."
        )
    return trees

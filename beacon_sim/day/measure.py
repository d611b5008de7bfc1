"""What a day came to, in families' minutes."""

from dataclasses import dataclass

import numpy as np

from beacon_sim.day.draw import Bools, Drawn, Floats
from beacon_sim.day.run import LATEST, Run


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one run."""

    total: Floats
    """Minutes from door to exit of those who came; who is not done by midnight counts until then."""
    queueing: float
    """Mean minutes in queues."""
    return_p90: float
    return_max: float
    missed: int
    called_at_lab: int
    unexplained: int
    unfinished: int

    @property
    def mean(self) -> float:
        """Mean minutes from door to exit."""
        return float(self.total.mean())


def measured(run: Run) -> Measured:
    """Measure a run."""
    came = run.drawn.shows_up
    left = np.array(run.record.left)
    unfinished = int(np.isnan(left[came]).sum())
    left = np.where(np.isnan(left), LATEST, left)
    returned = np.array(run.record.returned) if run.record.returned else np.zeros(1)
    return Measured(
        total=(left - np.array(run.record.arrived))[came],
        queueing=float(np.array(run.record.queueing)[came].mean()),
        return_p90=float(np.quantile(returned, 0.9)),
        return_max=float(returned.max()),
        missed=run.record.missed,
        called_at_lab=run.record.called_at_lab,
        unexplained=run.record.unexplained,
        unfinished=unfinished,
    )


def eligible(drawn: Drawn) -> Bools:
    """Families, of those who came, that need routine tests, for whom a rule speaks, and who accept."""
    who: Bools = (drawn.labs & drawn.rule_fits & drawn.accepts)[drawn.shows_up]
    return who

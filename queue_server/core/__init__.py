"""The rules of the queue: no clock, no randomness, no I/O.

Read in this order: `vocabulary`, `rules`, `site`, `transitions`, `steps`, `events`, `commands`, `lines`, `state`, `apply`;
then `decide` and `reacting` (`carry_out`); then the rules they call: `check_in` (with `numbering`, `ranking`), `calling`
(with `scoring`, `overtaking`, `presence`, `picking`, `missed`), `itinerary` (with `routing`), `labs`, `handling`, `undo`,
`registration`, `upkeep` (with `reload`), `ways`; then what people are shown: `services`, `views`, `waiting`, `explain`.
"""

from queue_server.core.apply import apply
from queue_server.core.decide import decide
from queue_server.core.reacting import OutOfStep, carry_out
from queue_server.core.state import Hospital, PointState, Visit
from queue_server.core.steps import Step
from queue_server.core.touched import areas_touched
from queue_server.core.vocabulary import HoldReason, Name, Need, Slot, StepKind, StepState, Why

__all__ = [
    "HoldReason",
    "Hospital",
    "Name",
    "Need",
    "OutOfStep",
    "PointState",
    "Slot",
    "Step",
    "StepKind",
    "StepState",
    "Visit",
    "Why",
    "apply",
    "areas_touched",
    "carry_out",
    "decide",
]

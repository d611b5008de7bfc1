"""The table of a step's life: state → act → next state.

Everything that may change the state of a step stands here. An act that a state does not list is refused; no code
anywhere sets a state without asking this table.
"""

from collections.abc import Mapping
from enum import StrEnum

from queue_server.core.vocabulary import StepState as S


class Act(StrEnum):
    """What can be done to a step."""

    PREPARE = "prepare"
    QUEUE = "queue"
    HOLD = "hold"
    RELEASE = "release"
    APPROACH = "approach"
    STEP_BACK = "step_back"
    CALL = "call"
    RECALL = "recall"
    MISS = "miss"
    REQUEUE = "requeue"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"
    EXPIRE = "expire"
    TRANSFER = "transfer"
    PARK = "park"


TRANSITIONS: Mapping[S, Mapping[Act, S]] = {
    S.PLANNED: {
        Act.PREPARE: S.READY,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.READY: {
        Act.QUEUE: S.WAITING,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.WAITING: {
        Act.APPROACH: S.AT_DOOR,
        Act.HOLD: S.HELD,
        Act.CALL: S.CALLED,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.AT_DOOR: {
        Act.STEP_BACK: S.WAITING,
        Act.HOLD: S.HELD,
        Act.CALL: S.CALLED,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.HELD: {
        Act.RELEASE: S.WAITING,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.CALLED: {
        Act.RECALL: S.CALLED,
        Act.START: S.SERVING,
        Act.MISS: S.MISSED,
        Act.PARK: S.HELD,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.MISSED: {
        Act.REQUEUE: S.WAITING,
        Act.TRANSFER: S.TRANSFERRED,
        Act.CANCEL: S.CANCELLED,
        Act.EXPIRE: S.NO_SHOW,
    },
    S.SERVING: {
        Act.FINISH: S.DONE,
        Act.PARK: S.HELD,
        Act.TRANSFER: S.TRANSFERRED,
        Act.EXPIRE: S.DONE,
    },
    S.DONE: {},
    S.CANCELLED: {},
    S.NO_SHOW: {},
    S.TRANSFERRED: {},
}

OPEN_STATES = frozenset(state for state, acts in TRANSITIONS.items() if acts)
"""States from which something can still happen."""


def allowed(state: S, act: Act) -> bool:
    """Whether `act` may be done to a step in `state`."""
    return act in TRANSITIONS[state]


def after(state: S, act: Act) -> S:
    """The state that follows.

    Raises:
        KeyError: the table does not allow it; a command must be refused before it comes to this.
    """
    return TRANSITIONS[state][act]

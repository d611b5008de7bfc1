"""The one door to the rules: `decide(state, command, now)` says what happens. It changes nothing."""

from datetime import datetime
from typing import Any

from queue_server.core import (
    calling,
    check_in,
    handling,
    itinerary,
    labs,
    presence,
    registration,
    undo,
    upkeep,
    ways,
)
from queue_server.core import commands as c
from queue_server.core.state import Hospital

_RULES: dict[type, Any] = {  # each takes (hospital, command of its own type, now)
    c.Scan: check_in.scan,
    c.Seek: check_in.seek,
    c.PhoneAtDoor: check_in.phone_at_door,
    c.SeePhone: presence.see,
    c.GiveAlias: check_in.give_alias,
    c.CheckInAtDesk: check_in.at_desk,
    c.PutBack: check_in.put_back,
    c.Screen: check_in.screen,
    c.CallNext: calling.call_next,
    c.CallOne: calling.call_one,
    c.Recall: calling.recall,
    c.ConfirmArrival: calling.confirm,
    c.Miss: calling.miss,
    c.Park: calling.park,
    c.OpenPoint: calling.open_or_pause,
    c.PausePoint: calling.open_or_pause,
    c.SeatDoctors: calling.seat,
    c.FillDoors: calling.fill_doors,
    c.Start: itinerary.start,
    c.Finish: itinerary.finish,
    c.Order: itinerary.order,
    c.Pay: itinerary.pay,
    c.MeetNeed: itinerary.meet_need,
    c.ReportResult: itinerary.result,
    c.ChooseDelivery: itinerary.choose_delivery,
    c.OpenSteps: itinerary.open_steps,
    c.ConsiderLab: labs.consider,
    c.AnswerOffer: labs.answer,
    c.NoteReport: labs.note_report,
    c.Hold: handling.hold,
    c.Release: handling.release,
    c.Move: handling.move,
    c.AssignDoctor: handling.assign_doctor,
    c.SetPriority: handling.set_priority,
    c.Transfer: handling.transfer,
    c.Drop: handling.drop,
    c.HandOver: handling.hand_over,
    c.Undo: undo.undo,
    c.Register: registration.register,
    c.Cancel: registration.cancel,
    c.Broadcast: upkeep.broadcast,
    c.EndBroadcast: upkeep.broadcast,
    c.CloseWay: ways.close_or_open,
    c.OpenWay: ways.close_or_open,
    c.OpenDay: upkeep.housekeeping,
    c.NoteSite: upkeep.housekeeping,
    c.LoadSite: upkeep.housekeeping,
    c.Tick: upkeep.housekeeping,
    c.AskHelp: upkeep.housekeeping,
    c.AnswerHelp: upkeep.housekeeping,
    c.NoteGap: upkeep.housekeeping,
}
"""The rule for each command; a test sees that none is forgotten."""


def decide(hospital: Hospital, command: c.Command, now: datetime) -> c.Decision:
    """Decide a command at `now` (aware UTC).

    Returns:
        The events to make durable and apply, in order, and the answer. A refusal has no events, except where a scan
        that checked nobody in is itself worth keeping.
    """
    decision: c.Decision = _RULES[type(command)](hospital, command, now)
    return decision

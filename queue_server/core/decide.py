"""The one door to the rules: `decide(state, command, now)` says what happens. It changes nothing."""

from datetime import datetime

from queue_server.core import calling, check_in, registration, service
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.state import Hospital


def decide(  # noqa: C901  # a table: one line a command
    hospital: Hospital, command: c.Command, now: datetime
) -> c.Decision:
    """Decide a command at `now` (aware UTC).

    Returns:
        The events to make durable and apply, in order, and the answer. A refusal has no events, except where a scan
        that checked nobody in is itself worth keeping.
    """
    match command:
        case c.Scan():
            return check_in.scan(hospital, command, now)
        case c.GiveAlias():
            return check_in.give_alias(hospital, command, now)
        case c.CheckInAtDesk():
            return check_in.at_desk(hospital, command, now)
        case c.PutBack():
            return check_in.put_back(hospital, command, now)
        case c.CallNext():
            return calling.call_next(hospital, command, now)
        case c.Recall():
            return calling.recall(hospital, command, now)
        case c.Miss():
            return calling.miss(hospital, command, now)
        case c.Start():
            return service.start(hospital, command, now)
        case c.Finish():
            return service.finish(hospital, command, now)
        case c.Hold():
            return calling.hold(hospital, command, now)
        case c.Release():
            return calling.release(hospital, command, now)
        case c.OpenPoint() | c.PausePoint():
            return calling.open_or_pause(hospital, command, now)
        case c.Register():
            return registration.register(hospital, command, now)
        case c.Cancel():
            return registration.cancel(hospital, command, now)
        case _:
            return _housekeeping(hospital, command, now)


def _housekeeping(
    hospital: Hospital,
    command: c.OpenDay | c.NoteSite | c.AskHelp | c.AnswerHelp | c.NoteGap,
    now: datetime,
) -> c.Decision:
    return c.Decision(tuple(_noted(hospital, command, now)), c.Accepted())


def _noted(
    h: Hospital,
    command: c.OpenDay | c.NoteSite | c.AskHelp | c.AnswerHelp | c.NoteGap,
    now: datetime,
) -> list[e.Event]:
    match command:
        case c.OpenDay():
            day = h.site.day(now)
            # never back: a clock that was set back must not open yesterday again
            return [e.DayOpened(now, day)] if h.day is None or day > h.day else []
        case c.NoteSite(version):
            return [e.SiteLoaded(now, version)] if version != h.site_version else []
        case c.AskHelp(agent, pressed_at):
            return [e.HelpAsked(min(pressed_at, now), agent)] if agent not in h.help_asked else []
        case c.AnswerHelp(agent, by):
            return [e.HelpAnswered(now, agent, by)] if agent in h.help_asked else []
        case c.NoteGap(agent, install, first, last):
            return [e.SequenceGap(now, agent, install, first, last)]

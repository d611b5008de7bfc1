"""Which calls of a board are read out."""

from datetime import UTC, datetime, time, timedelta

from protocol import BoardView, Called, PointView, Text, VoiceRules
from speech import Announcer, CallListener

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROOM = Text(zh="3诊室", en="Room 3")


def board(
    *called: Called,
    near: tuple[Called, ...] = (),
    notices: tuple[Text, ...] = (),
    rules: VoiceRules | None = None,
) -> BoardView:
    group = Text(zh="内科", en="Internal")
    points = tuple(
        PointView(
            point=f"r{number}",
            name=ROOM,
            open=True,
            group=group,
            kind="clinic",
            called=each,
            next=near,
        )
        for number, each in enumerate(called or (None,))
    )
    return BoardView(
        area="east", name=group, revision=1, points=points, notices=notices, voice=rules
    )


def a_call(ticket: str = "A023", times: int = 1, ago_s: float = 0, **more: bool) -> Called:
    return Called(ticket=ticket, times=times, at=NINE - timedelta(seconds=ago_s), **more)


class Hall:
    def __init__(self) -> None:
        self.announcer = Announcer()
        self.listener = CallListener(self.announcer)

    def sees(self, shown: BoardView, now: datetime = NINE) -> list[str]:
        self.listener.take(shown, now)
        return self.hears(now)

    def hears(self, now: datetime = NINE) -> list[str]:
        said = []
        while one := self.announcer.next(now):
            said.append(one.text.zh)
        return said


def test_a_new_call_is_read_once_and_a_recall_again() -> None:
    hall = Hall()
    assert hall.sees(board()) == []
    assert hall.sees(board(a_call())) == ["请A023号到3诊室就诊。"]
    assert hall.sees(board(a_call())) == []
    assert hall.sees(board(a_call(times=2))) == ["请A023号到3诊室就诊。"]


def test_what_stood_on_the_board_before_the_loudspeaker_was_on_is_not_read_unless_it_was_just_now() -> (
    None
):
    said = Hall().sees(
        board(
            a_call("A001", ago_s=60), a_call("A002", ago_s=5), near=(a_call("A003", at_door=True),)
        )
    )
    assert said == ["请A002号到3诊室就诊。"]


def test_a_family_that_goes_in_before_its_call_was_read_is_not_called() -> None:
    hall = Hall()
    hall.sees(board())
    hall.listener.take(board(a_call()), NINE)
    hall.listener.take(board(), NINE)
    assert hall.hears() == []


def test_the_door_is_read_out_unless_the_area_does_not_want_it() -> None:
    near = (a_call("A024", at_door=True), a_call("A025"))
    hall = Hall()
    hall.sees(board())
    assert hall.sees(board(near=near)) == ["请A024号到3诊室门口候诊。"]
    silent = Hall()
    silent.sees(board(rules=VoiceRules(doors=False)))
    assert silent.sees(board(near=near, rules=VoiceRules(doors=False))) == []


def test_nothing_is_read_in_quiet_hours_not_even_afterwards() -> None:
    quiet = VoiceRules(quiet=((time(22), time(9, 30)),))
    hall = Hall()
    hall.sees(board(rules=quiet))
    assert hall.sees(board(a_call(), rules=quiet)) == []
    assert hall.sees(board(a_call(), rules=quiet), NINE + timedelta(hours=1)) == []


def test_emergencies_are_read_first() -> None:
    hall = Hall()
    hall.sees(board())
    said = hall.sees(board(a_call("A001", ago_s=3), a_call("A002", urgent=True)))
    assert said == ["请A002号到3诊室就诊。", "请A001号到3诊室就诊。"]


def test_messages_for_everybody_are_read_only_where_wanted_and_once() -> None:
    said = Text(zh="今天停电", en="No power today")
    hall = Hall()
    hall.sees(board())
    assert hall.sees(board(notices=(said,))) == []
    loud = VoiceRules(notices=True)
    assert hall.sees(board(notices=(said,), rules=loud)) == ["今天停电"]
    assert hall.sees(board(notices=(said,), rules=loud)) == []


def test_an_area_may_speak_one_language_only() -> None:
    hall = Hall()
    hall.sees(board(rules=VoiceRules(languages=("en",))))
    hall.listener.take(board(a_call()), NINE)
    one = hall.announcer.next(NINE)
    assert one
    assert (one.text.zh, one.text.en) == ("", "Number A023, please go to Room 3.")

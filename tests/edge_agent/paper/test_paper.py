"""Slips: what stands on them, how they look, and printers that run out, stand still, and go."""

import base64
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edge_agent.cli import main
from edge_agent.paper import (
    WIDTH,
    BadPrinter,
    Paper,
    Press,
    PrinterError,
    Slip,
    draw,
    open_printer,
    provisional_slip,
    slip_of,
)
from edge_agent.paper import press as press_module
from edge_agent.paper.slip import Line, Picture, Size
from edge_agent.readers import read_still
from protocol import Print, Stand, Text, WaitRange
from tests.edge_agent.paper.printer import FakePrinter

HOSPITAL = Text(zh="星河儿童医院", en="Xinghe Children's Hospital")
AT = datetime(2026, 3, 2, 9, 41, tzinfo=UTC)


def stand(**given: object) -> Stand:
    usual: dict[str, object] = {
        "visit": "v1",
        "ticket": "A023",
        "masked_name": "王*明",
        "state": "waiting",
        "group": Text(zh="呼吸内科", en="Respiratory clinic"),
        "place": Text(zh="2 楼 B 区", en="Floor 2, area B"),
        "ahead": 5,
        "wait": WaitRange(low=10, high=20),
    }
    return Stand.model_validate(usual | given)


def words(**given: object) -> str:
    return slip_of(Print(stand=stand(**given)), HOSPITAL, AT).words


def slip(ticket: str = "A023") -> Slip:
    return slip_of(Print(stand=stand(ticket=ticket)), HOSPITAL, AT)


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    running = FakePrinter()
    yield running
    try:
        running.close()
    except OSError:
        return


def soon(true: Callable[[], bool]) -> bool:
    end = monotonic() + 15
    while monotonic() < end:
        if true():
            return True
        sleep(0.01)
    return False


# ---- what stands on it --------------------------------------------------------------------------


def test_a_slip_says_who_where_and_how_long_in_both_languages() -> None:
    said = words()
    for each in (
        "星河儿童医院",
        "2026-03-02 09:41",
        "A023",
        "王*明",
        "呼吸内科",
        "Floor 2, area B",
    ):
        assert each in said
    assert "前面还有 5 人，约 10–20 分钟" in said
    assert "5 families ahead, about 10–20 min" in said


def test_the_next_one_is_not_told_a_count() -> None:
    assert "下一个就是您" in words(ahead=0)
    assert "1 family ahead" in words(ahead=1, wait=None)


@pytest.mark.parametrize(
    ("state", "told"), [("called", "轮到您了"), ("missed", "找护士台"), ("held", "给您留着")]
)
def test_who_does_not_wait_is_told_what_to_do(state: str, told: str) -> None:
    assert told in words(state=state)
    assert "前面还有" not in words(state=state)


def test_a_room_goes_before_the_hall() -> None:
    assert "3 诊室" in words(state="called", room=Text(zh="3 诊室", en="Room 3"))


def test_what_must_be_paid_and_both_numbers_are_on_it() -> None:
    assert "请先缴费" in words(to_pay=True)
    assert "临时号 K07-001 也有效" in words(alias="K07-001")


def test_a_number_for_now_says_that_it_keeps_its_turn() -> None:
    said = provisional_slip("K07-001", HOSPITAL, AT).words
    assert "K07-001" in said
    assert "先后次序不变" in said
    assert "keep your turn" in said


@given(st.text(max_size=200))
def test_a_picture_that_is_none_is_left_out(text: str) -> None:
    made = slip_of(Print(stand=stand(), picture=text), HOSPITAL, AT)
    assert draw(made).width == WIDTH


# ---- how it looks -------------------------------------------------------------------------------


def test_it_is_as_wide_as_the_paper_and_the_number_is_large() -> None:
    picture = draw(slip())
    assert (picture.mode, picture.width) == ("1", WIDTH)
    dark = np.asarray(picture) == 0
    tallest = 0
    run = 0
    for row in dark.any(axis=1):
        run = run + 1 if row else 0
        tallest = max(tallest, run)
    assert tallest >= 100, "12 mm: to be read from a lap"


@given(
    st.lists(st.sampled_from(["儿科", "Respiratory ", "，", "A023 ", "。", "clinic "]), max_size=40)
)
def test_no_line_runs_over_the_edge_and_none_begins_with_a_stop(pieces: list[str]) -> None:
    made = Slip("A1", (Line("".join(pieces), Size.PLAIN),))
    dark = np.asarray(draw(made)) == 0
    assert not dark[:, :4].any()
    assert not dark[:, -4:].any()


@given(st.sampled_from(list(Size)), st.text("K0123456789-", min_size=1, max_size=12))
def test_every_number_fits_whatever_its_length(size: Size, number: str) -> None:
    dark = np.asarray(draw(Slip(number, (Line(number, size),)))) == 0
    assert not dark[:, :4].any()
    assert not dark[:, -4:].any()


def test_a_row_of_one_character_is_avoided() -> None:
    picture = draw(Slip("A1", (Line("面对自助机，乘右后方的2号电梯到2楼"),)))
    dark = np.asarray(picture) == 0
    assert np.flatnonzero(dark[-60:].any(axis=0)).size > 150


def test_a_code_on_the_paper_can_be_read_by_our_own_readers() -> None:
    code = qrcode.make("https://example.org/way/1", box_size=6)
    held = BytesIO()
    code.save(held)
    made = slip_of(
        Print(stand=stand(), picture=base64.b64encode(held.getvalue()).decode()), HOSPITAL, AT
    )
    grey = np.asarray(draw(made).convert("L"))
    assert {reading.payload for reading in read_still(grey)} == {b"https://example.org/way/1"}


def test_a_picture_wider_than_the_paper_is_made_smaller() -> None:
    held = BytesIO()
    Image.new("L", (1200, 400), 0).save(held, "PNG")
    assert draw(Slip("A1", (Picture(held.getvalue()),))).width == WIDTH


# ---- printers -----------------------------------------------------------------------------------


def test_a_network_printer_prints_what_was_drawn_and_cuts(printer: FakePrinter) -> None:
    open_printer(printer.spec).print(slip())
    assert soon(lambda: len(printer.slips) == 1)
    printed = np.asarray(printer.slips[0]) == 0
    assert (printed == (np.asarray(draw(slip())) == 0)).all()


def test_a_long_slip_is_whole(printer: FakePrinter) -> None:
    long = Slip("A1", tuple(Line(f"{n} 儿童医院") for n in range(80)))
    open_printer(printer.spec).print(long)
    assert soon(lambda: len(printer.slips) == 1)
    assert printer.slips[0].height == draw(long).height


def test_a_printer_says_how_it_fares(printer: FakePrinter) -> None:
    real = open_printer(printer.spec)
    assert real.paper() is Paper.FINE
    printer.low = True
    assert real.paper() is Paper.LOW
    printer.open = True
    assert real.paper() is Paper.OFFLINE
    printer.out = True
    assert real.paper() is Paper.OUT
    printer.silent = True
    assert real.paper() is Paper.UNKNOWN


def test_paper_that_ends_in_the_middle_is_owned_up_to(printer: FakePrinter) -> None:
    printer.out = True
    with pytest.raises(PrinterError):
        open_printer(printer.spec).print(slip())


def test_a_printer_that_is_switched_off_is_gone(printer: FakePrinter) -> None:
    printer.close()
    real = open_printer(printer.spec)
    assert real.paper() is Paper.GONE
    with pytest.raises(PrinterError):
        real.print(slip())


def test_a_device_that_is_not_there_is_gone_and_is_not_made(tmp_path: Path) -> None:
    real = open_printer(f"file:{tmp_path / 'lp0'}")
    assert real.paper() is Paper.GONE
    with pytest.raises(PrinterError):
        real.print(slip())
    assert not (tmp_path / "lp0").exists()


def test_a_device_that_only_takes_gets_dots_and_a_cut(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    real = open_printer(f"file:{device}")
    assert real.paper() is Paper.UNKNOWN
    real.print(slip())
    written = device.read_bytes()
    assert b"\x1dv0" in written
    assert b"\x1dV" in written


def test_a_usb_printer_that_is_not_there_is_gone() -> None:
    assert open_printer("usb:dead:beef").paper() is Paper.GONE


def test_a_folder_gets_a_picture_and_words_and_keeps_both_of_two(tmp_path: Path) -> None:
    real = open_printer(f"folder:{tmp_path / 'slips'}")
    real.print(slip())
    real.print(slip())
    names = sorted(path.name for path in (tmp_path / "slips").iterdir())
    assert names == ["A023-1.png", "A023-1.txt", "A023-2.png", "A023-2.txt"]
    assert "王*明" in (tmp_path / "slips" / "A023-1.txt").read_text("utf-8")


def test_a_number_is_no_path(tmp_path: Path) -> None:
    open_printer(f"folder:{tmp_path / 'slips'}").print(slip("../../etc/x"))
    assert {path.parent.name for path in tmp_path.rglob("*.png")} == {"slips"}


@pytest.mark.parametrize("spec", ["", "net:", "lpt1", "usb:12", "net:a b", "folder:", "serial:"])
def test_words_that_mean_no_printer_are_refused_with_a_remedy(spec: str) -> None:
    with pytest.raises(BadPrinter, match=r"Write net:10\.0\.0\.9"):
        open_printer(spec)


# ---- trying one ---------------------------------------------------------------------------------


def test_a_printer_is_tried_from_the_command_line(
    printer: FakePrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["slip", printer.spec]) == 0
    assert "has paper" in capsys.readouterr().out
    assert soon(lambda: len(printer.slips) == 1)
    printer.out = True
    assert main(["slip", printer.spec, "--ask"]) == 1
    assert "out of paper" in capsys.readouterr().out
    assert main(["slip", "lpt1"]) == 2
    assert "means no printer" in capsys.readouterr().err


# ---- one that minds them ------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(press_module, "LOOK_AGAIN_S", 0.02)


@pytest.fixture
def press(printer: FakePrinter, quick: None) -> Iterator[Press]:
    running = Press(open_printer(printer.spec), lambda: None)
    yield running
    running.stop()


def sentence(press: Press) -> str:
    return press.parts()[0].sentence


def test_slips_come_out_in_order(press: Press, printer: FakePrinter) -> None:
    waiting = [press.submit(slip(f"A{n:03}")) for n in range(5)]
    assert [one.result(20) for one in waiting] == [True] * 5
    assert soon(lambda: len(printer.slips) == 5)


def test_paper_that_runs_out_is_noticed_told_and_forgotten_when_refilled(
    press: Press, printer: FakePrinter
) -> None:
    assert soon(lambda: press.parts()[0].ok)
    printer.out = True
    assert soon(lambda: "80 mm" in sentence(press))
    text = press.parts()[0].text
    assert text is not None
    assert "没纸" in text.zh
    assert press.trouble
    assert press.submit(slip()).result(20) is False
    printer.out = False
    assert soon(lambda: not press.trouble)
    assert press.submit(slip()).result(20) is True


def test_a_printer_that_goes_is_noticed(press: Press, printer: FakePrinter) -> None:
    printer.close()
    assert soon(lambda: "not there" in sentence(press))
    assert press.submit(slip()).result(20) is False


def test_paper_that_is_nearly_used_up_is_no_fault(press: Press, printer: FakePrinter) -> None:
    printer.low = True
    assert soon(lambda: "nearly" in sentence(press))
    assert press.parts()[0].ok
    assert not press.trouble


def test_no_printer_prints_nothing_and_is_no_fault() -> None:
    press = Press(None, lambda: None)
    assert press.submit(slip()).result(1) is False
    assert press.parts() == []
    press.stop()


class Stuck:
    """A printer that waits until it is let go."""

    name = "stuck"

    def __init__(self) -> None:
        self.go = threading.Event()
        self.printed: list[str] = []

    def paper(self) -> Paper:
        return Paper.FINE

    def print(self, slip: Slip) -> None:
        self.go.wait(20)
        self.printed.append(slip.ticket)


def test_a_slip_whose_family_has_gone_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Stuck()
    press = Press(stuck, lambda: None)
    monkeypatch.setattr(press_module, "PATIENCE_S", 30.0)
    first = press.submit(slip("A1"))
    second = press.submit(slip("A2"))
    monkeypatch.setattr(press_module, "PATIENCE_S", -1.0)
    stuck.go.set()
    assert second.result(20) is False
    first.result(20)
    assert "A2" not in stuck.printed
    press.stop()


class Broken(Stuck):
    def print(self, slip: Slip) -> None:
        raise ZeroDivisionError("a driver's own fault")


def test_a_driver_that_stumbles_ends_nothing() -> None:
    press = Press(Broken(), lambda: None)
    assert press.submit(slip()).result(20) is False
    assert "ZeroDivisionError" in sentence(press)
    assert press.submit(slip()).result(20) is False
    press.stop()

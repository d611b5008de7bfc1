"""Links to a family's page, and what is handed out."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from queue_server.core import commands as c
from queue_server.family import Handing, Links, Seal, bill_of, made_up
from tests.queue_server.core.makers import NINE, TODAY, Day, clock, small_site

KEY = bytes(range(32))
ZONE = ZoneInfo("Asia/Shanghai")
CARD = "5a1e0000000000000001"


def links(key: bytes = KEY) -> Links:
    return Links(Seal(key, "page"), ZONE)


def handing(public_url: str = "https://q.example") -> Handing:
    return Handing(links(), Seal(KEY, "bill"), public_url, made_up)


def test_a_link_says_whose_day_it_is_and_where_it_was_handed_out() -> None:
    link = links().open(links().new("p-1", TODAY, CARD, "k1"), NINE)
    assert link
    assert (link.person, link.day, link.card, link.kiosk) == ("p-1", TODAY, CARD, "k1")


def test_a_link_ends_three_hours_after_midnight() -> None:
    token = links().new("p-1", TODAY)
    assert links().open(token, clock(23) + timedelta(hours=3, minutes=59))
    assert links().open(token, clock(23) + timedelta(hours=4, minutes=1)) is None


def test_two_links_of_one_family_are_two_links() -> None:
    first, second = (links().open(links().new("p-1", TODAY), NINE) for _ in range(2))
    assert first
    assert second
    assert first.id != second.id


def test_an_installed_page_has_a_link_of_its_own_that_stays_the_same() -> None:
    link = links().open(links().new("p-1", TODAY, CARD), NINE)
    assert link
    assert links().for_home_screen(link) == links().for_home_screen(link)
    home = links().open(links().for_home_screen(link), NINE)
    assert home is not None
    assert home == replace(link, id=home.id)
    assert home.id != link.id


def test_nothing_of_a_family_can_be_read_in_a_link() -> None:
    token = links().new("guardian-of-zhang", TODAY, CARD, "k1")
    assert "zhang" not in token
    assert links(bytes(32)).open(token, NINE) is None
    assert Seal(KEY, "bill").open(token, tuple[bytes, str, int, bytes, str]) is None


@given(st.text(max_size=500))
def test_whatever_is_asked_for_is_no_link(text: str) -> None:
    assert links().open(text, NINE) is None


def test_the_card_of_a_kiosk_leads_to_the_day_of_whoever_holds_it() -> None:
    day = Day()
    day.register("1", card=CARD)
    url = handing().page_of(day.hospital, CARD, "k1", day.now)
    link = links().open(url.removeprefix("https://q.example/f/"), day.now)
    assert link
    assert (link.person, link.card, link.kiosk) == ("1", CARD, "k1")


def test_no_link_is_handed_out_where_phones_cannot_reach_the_server() -> None:
    day = Day()
    day.register("1", card=CARD)
    assert handing("").page_of(day.hospital, CARD, "k1", day.now) == ""
    assert handing().page_of(day.hospital, "5a1e0000000000000009", "k1", day.now) == ""


def test_a_card_of_another_scheme_opens_the_page_but_is_not_shown_on_it() -> None:
    day = Day()
    day.register("1", card="his:0001")
    url = handing().page_of(day.hospital, "his:0001", "k1", day.now)
    link = links().open(url.rsplit("/", 1)[1], day.now)
    assert link
    assert (link.person, link.card) == ("1", "")


def owing() -> Day:
    day = Day(small_site())
    day.arrive("1")
    day.call()
    day.do(c.Start("a1", "doctor"))
    day.do(c.Finish("a1", "doctor", ("lab",), ("drugs",), unpaid=True))
    return day


def test_a_bill_stays_the_same_as_long_as_the_same_is_owed() -> None:
    day = owing()
    visit = day.hospital.visits["v-1"]
    bill = bill_of(day.hospital, visit)
    assert bill
    assert [item.zh for item in bill.items] == ["检验科", "药房"]
    assert bill_of(day.hospital, visit) == bill
    day.do(c.Order("v-1", ("xray",), "doctor", unpaid=True))
    more = bill_of(day.hospital, visit)
    assert more
    assert more.id != bill.id


def test_what_is_ordered_after_a_bill_was_written_is_still_owed_when_that_is_paid() -> None:
    day = owing()
    visit = day.hospital.visits["v-1"]
    bill = bill_of(day.hospital, visit)
    assert bill
    day.do(c.Order("v-1", ("xray",), "doctor", unpaid=True))
    day.do(c.Pay("v-1", "simulated cashier", bill.steps))
    left = bill_of(day.hospital, visit)
    assert left
    assert [item.zh for item in left.items] == ["放射科"]
    before = len(day.events)
    day.do(c.Pay("v-1", "simulated cashier", bill.steps))
    assert len(day.events) == before
    day.do(c.Pay("v-1", "cashier"))
    assert bill_of(day.hospital, visit) is None


def test_a_kiosk_is_told_what_is_to_be_paid_and_where() -> None:
    day = owing()
    asked = handing().payment_of(day.hospital, day.hospital.visits["v-1"])
    assert asked
    assert asked.amount_fen == 7000
    assert asked.url.startswith("https://q.example/pay/")
    assert handing().bill_in(asked.url.rsplit("/", 1)[1]) == ("v-1", asked.id)
    windows_only = Handing(links(), Seal(KEY, "bill"), "https://q.example")
    assert windows_only.payment_of(day.hospital, day.hospital.visits["v-1"]) is None

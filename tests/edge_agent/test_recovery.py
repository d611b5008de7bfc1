"""The watchdog's steps, by name."""

import itertools

import pytest

from edge_agent.core.recovery import AGAIN_S, Remedy, Stage, Trouble, Watchdog


def silent_for(dog: Watchdog, from_s: float, to_s: float) -> list[tuple[float, Remedy]]:
    """Look every second; what was to be done when."""
    remedies = []
    now_s = from_s
    while now_s < to_s:
        now_s += 1.0
        if remedy := dog.silent(now_s):
            remedies.append((now_s, remedy))
    return remedies


def test_a_silent_radio_is_scanned_again_then_cycled_then_helped() -> None:
    dog = Watchdog("hci0", 20, 0)
    assert silent_for(dog, 0, 61) == [
        (20, Remedy.SCAN_AGAIN),
        (40, Remedy.CYCLE),
        (60, Remedy.SCAN_AGAIN),
    ]
    assert dog.stage is Stage.HELPLESS


def test_a_scan_dead_for_thirty_seconds_never_goes_unnoticed() -> None:
    dog = Watchdog("hci0", 20, 0)
    silent_for(dog, 0, 30)
    assert not dog.health.ok
    assert dog.health.text.zh
    assert dog.health.text.en


def test_an_advert_brings_it_back_to_the_beginning() -> None:
    dog = Watchdog("hci0", 20, 0)
    silent_for(dog, 0, 45)
    dog.heard(45)
    assert (dog.health.ok, dog.stage, dog.recoveries) == (True, Stage.LISTENING, 1)
    assert silent_for(dog, 45, 66) == [(65, Remedy.SCAN_AGAIN)]


def test_after_asking_for_help_it_goes_on_trying_ever_more_patiently() -> None:
    dog = Watchdog("hci0", 20, 0)
    times = [at for at, _ in silent_for(dog, 0, 3600)][3:]
    waits = [after - before for before, after in itertools.pairwise(times)]
    assert waits == sorted(waits)
    assert waits[-1] == AGAIN_S[-1]
    assert {remedy for _, remedy in silent_for(dog, 3600, 7200)} == {
        Remedy.SCAN_AGAIN,
        Remedy.CYCLE,
    }


def test_a_switched_off_adapter_is_switched_on_at_once() -> None:
    assert Watchdog("hci0", 20, 0).troubled(Trouble.POWERED_OFF, 1) is Remedy.CYCLE


def test_a_scan_that_will_not_start_goes_through_the_steps_at_once() -> None:
    dog = Watchdog("hci0", 20, 0)
    assert [dog.troubled(Trouble.NOT_STARTED, 1) for _ in range(3)] == [
        Remedy.SCAN_AGAIN,
        Remedy.CYCLE,
        Remedy.SCAN_AGAIN,
    ]
    assert dog.gave_up


@pytest.mark.parametrize("trouble", [Trouble.NO_ADAPTER, Trouble.NO_SERVICE, Trouble.NOT_ALLOWED])
def test_what_only_people_can_mend_is_said_at_once_and_tried_again_soon(trouble: Trouble) -> None:
    dog = Watchdog("hci0", 20, 0)
    assert dog.troubled(trouble, 1) is Remedy.WAIT
    assert dog.stage is Stage.HELPLESS
    assert dog.wakeup_s() <= 6


@pytest.mark.parametrize("trouble", list(Trouble))
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_every_trouble_has_a_sentence_in_both_languages_with_a_remedy(
    trouble: Trouble, steps: int
) -> None:
    dog = Watchdog("hci0", 20, 0)
    for _ in range(steps):
        dog.troubled(trouble, 1)
    text = dog.health.text
    assert text.zh.startswith("蓝牙 hci0 ")
    assert text.zh.count("。") == 3
    assert text.en.startswith("Bluetooth hci0 ")
    assert len(text.en) <= 300

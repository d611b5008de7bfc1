"""Bluetooth beside the card readers: one radio, what it tells the agent's core, and how it fares."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TextIO

import structlog

from edge_agent.core import vocabulary as v
from edge_agent.core.presence import Presence, Reach
from edge_agent.core.recovery import RadioHealth, Stage
from edge_agent.radio import Listening, Recorder, open_radio
from edge_agent.settings import AgentSettings
from protocol import PartHealth, PhoneNear, PresenceReported, ProofGiven, ProofProblem, Text
from protocol.checkin_token import Question

_log = structlog.get_logger()
STUMBLED_WAIT_S: Final = 1.0
_STUMBLED: Final = RadioHealth(
    False,
    Stage.HELPLESS,
    Text(
        zh="蓝牙出错，正在重新启动；原因见日志。扫码签到正常。",
        en="Bluetooth stumbled and is started again; the log says over what. Cards check in as usual.",
    ),
)


class Bluetooth:
    """The radio of an agent; does nothing where the settings say `off`.

    Args:
        settings: which radio, and how it judges.
        put: hands an input to the agent's core; called on the radio's thread.
        changed: called when the health has changed.

    Raises:
        BadRadio: the setting means nothing, or its library is missing.
    """

    def __init__(
        self,
        settings: AgentSettings,
        put: Callable[[v.Input], None],
        changed: Callable[[], None],
    ) -> None:
        self._agent = settings.agent
        self._put, self._changed = put, changed
        self._health: RadioHealth | None = None
        self._file: TextIO | None = None
        radio = open_radio(settings.bluetooth)
        self.listening: Listening | None = None
        if radio is None:
            return
        record = None
        if settings.bluetooth_record:
            settings.bluetooth_record.parent.mkdir(parents=True, exist_ok=True)
            self._file = settings.bluetooth_record.open("a", encoding="utf-8")
            record = Recorder(self._file, settings.agent)
        self.listening = Listening(
            radio, Presence(_reach(settings)), self, settings.bluetooth_silent_s, record
        )

    @property
    def wanted(self) -> bool:
        """Whether there is a radio to listen to."""
        return self.listening is not None

    def run(self, stop: threading.Event) -> None:
        """Listen until `stop` is set."""
        while self.listening is not None and not stop.is_set():
            try:
                self.listening.run(stop)
            except Exception:  # a radio that ends silently is worse than one that stumbles
                _log.exception("bluetooth_stumbled")
                self.fares(_STUMBLED)
                stop.wait(STUMBLED_WAIT_S)
        if self._file is not None:
            self._file.close()

    def parts(self) -> list[PartHealth]:
        """How the radio fares; empty where there is none."""
        if self.listening is None:
            return []
        name = f"bluetooth {self.listening.radio.name}"[:80]
        health = self._health
        if health is None:
            return [PartHealth(part=name, ok=False, sentence="It is being started.")]
        sentence = "" if health.ok else health.text.en[:300]
        return [
            PartHealth(
                part=name, ok=health.ok, sentence=sentence, text=None if health.ok else health.text
            )
        ]

    def ask(self, wanted: v.AskPhone) -> None:
        """Ask a phone for its proof; the answer comes as an input."""
        question = Question(bytes.fromhex(wanted.nonce), self._agent, wanted.window)

        def answered(answer: "Future[bytes | ProofProblem]") -> None:
            gone = answer.cancelled() or answer.exception() is not None
            result = ProofProblem.NO_CONNECTION if gone else answer.result()
            self._put(v.PhoneAnswered(_proof(wanted, result)))

        if self.listening is None:
            self._put(v.PhoneAnswered(_proof(wanted, ProofProblem.NO_BLUETOOTH)))
            return
        self.listening.ask(wanted.token, bytes(question)).add_done_callback(answered)

    # ---- `Told`, on the radio's thread ----

    def near(self, told: PhoneNear) -> None:
        """See `Told`."""
        self._put(v.PhoneCameNear(told))

    def reported(self, told: PresenceReported) -> None:
        """See `Told`."""
        self._put(v.PhonesHeard(told))

    def fares(self, health: RadioHealth) -> None:
        """See `Told`."""
        self._health = health
        level = _log.info if health.ok else _log.warning
        level("bluetooth", ok=health.ok, stage=health.stage.value, sentence=health.text.en)
        self._changed()


def _reach(settings: AgentSettings) -> Reach:
    return Reach(
        offset_db=settings.bluetooth_offset_db,
        near_dbm=settings.bluetooth_near_dbm,
        dwell_s=settings.bluetooth_dwell_s,
        report_every_s=settings.bluetooth_report_every_s,
    )


def _proof(wanted: v.AskPhone, answer: bytes | ProofProblem) -> ProofGiven:
    if isinstance(answer, ProofProblem):
        return ProofGiven(token=wanted.token, nonce=wanted.nonce, problem=answer)
    return ProofGiven(token=wanted.token, nonce=wanted.nonce, proof=answer.hex())

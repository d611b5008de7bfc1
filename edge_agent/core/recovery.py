"""The watchdog of a radio: notices that it is deaf, and says what to do about it, step by step.

    listening → (silent) → scan again → (silent) → adapter off and on → (silent) → ask for help, and go on trying

Any advert of anything in the air brings it back to the beginning. Times are those of the steady clock.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from protocol import Text

AGAIN_S: Final = (30.0, 60.0, 120.0, 300.0)
"""How long to wait between tries once help was asked for."""
PLUGGED_S: Final = 3.0
"""How often to look whether people have helped."""


class Trouble(Enum):
    """What is wrong with the radio."""

    SILENT = "silent"
    POWERED_OFF = "powered_off"
    NO_ADAPTER = "no_adapter"
    NO_SERVICE = "no_service"
    """No system bus, or no bluetoothd on it."""
    NOT_STARTED = "not_started"
    SCAN_ENDED = "scan_ended"
    NOT_ALLOWED = "not_allowed"


class Remedy(Enum):
    """What is to be done."""

    SCAN_AGAIN = "scan_again"
    CYCLE = "cycle"
    """Switch the adapter off and on, then scan."""
    WAIT = "wait"
    """Only people can help; try again at `wakeup_s`."""


class Stage(Enum):
    """How far it has come."""

    LISTENING = "listening"
    SCANNED_AGAIN = "scanned_again"
    CYCLED = "cycled"
    HELPLESS = "helpless"


_NEXT: Final = {
    Stage.LISTENING: (Stage.SCANNED_AGAIN, Remedy.SCAN_AGAIN),
    Stage.SCANNED_AGAIN: (Stage.CYCLED, Remedy.CYCLE),
    Stage.CYCLED: (Stage.HELPLESS, Remedy.SCAN_AGAIN),
}
NEEDS_PEOPLE: Final = frozenset({Trouble.NO_ADAPTER, Trouble.NO_SERVICE, Trouble.NOT_ALLOWED})
"""Nothing that this program can do helps against these: it says so at once, and tries again."""


@dataclass(frozen=True, slots=True)
class RadioHealth:
    """How a radio fares, for an operator."""

    ok: bool
    stage: Stage
    text: Text
    """Empty when all is well."""


class Watchdog:
    """Judges one radio.

    Args:
        radio: its name, for the sentences.
        silent_s: without a single advert for so long it is taken to be deaf.
        now_s: when it began to listen.
    """

    def __init__(self, radio: str, silent_s: float, now_s: float) -> None:
        self.stage = Stage.LISTENING
        self.recoveries = 0
        self._radio = radio
        self._silent_s = silent_s
        self._since_s = now_s
        self._trouble: Trouble | None = None
        self._tries = 0

    @property
    def health(self) -> RadioHealth:
        """How it fares now."""
        text = (
            Text(zh="", en="")
            if self._trouble is None
            else _sentence(self._radio, self._trouble, self.stage)
        )
        return RadioHealth(self._trouble is None, self.stage, text)

    @property
    def gave_up(self) -> bool:
        """All steps were taken, and it is not that nothing was heard: trying again at once would only do harm."""
        return self.stage is Stage.HELPLESS and self._trouble is not Trouble.SILENT

    def heard(self, now_s: float) -> None:
        """Something was heard: the radio works."""
        if self._trouble is not None:
            self.recoveries += 1
        self.stage, self._trouble, self._tries = Stage.LISTENING, None, 0
        self._since_s = now_s

    def wakeup_s(self) -> float:
        """When to call `silent` next."""
        return self._since_s + self._patience_s

    def silent(self, now_s: float) -> Remedy | None:
        """Nothing was heard up to now; what to do, if it is time to."""
        if now_s < self.wakeup_s():
            return None
        return self.troubled(self._trouble or Trouble.SILENT, now_s)

    def troubled(self, trouble: Trouble, now_s: float) -> Remedy:
        """Something is known to be wrong: the remedy. Asked again at once, it gives the next one."""
        self._trouble = trouble
        self._since_s = now_s
        if trouble in NEEDS_PEOPLE:
            self.stage = Stage.HELPLESS
            return Remedy.WAIT
        if trouble is Trouble.POWERED_OFF and self.stage in (Stage.LISTENING, Stage.SCANNED_AGAIN):
            self.stage = Stage.CYCLED
            return Remedy.CYCLE
        if self.stage is not Stage.HELPLESS:
            self.stage, remedy = _NEXT[self.stage]
            return remedy
        self._tries += 1
        return Remedy.CYCLE if self._tries % 2 else Remedy.SCAN_AGAIN

    @property
    def _patience_s(self) -> float:
        if self.stage is not Stage.HELPLESS:
            return self._silent_s
        if self._trouble in NEEDS_PEOPLE:
            return PLUGGED_S
        return AGAIN_S[min(self._tries, len(AGAIN_S) - 1)]


_WHAT: Final = {
    Trouble.SILENT: Text(zh="没有收到任何蓝牙信号", en="hears nothing at all"),
    Trouble.POWERED_OFF: Text(zh="已被关闭", en="is switched off"),
    Trouble.NO_ADAPTER: Text(zh="找不到适配器", en="is not there"),
    Trouble.NO_SERVICE: Text(
        zh="无法使用：系统蓝牙服务没有运行",
        en="can't be used: the system's Bluetooth service does not run",
    ),
    Trouble.NOT_STARTED: Text(zh="无法开始扫描", en="will not start to scan"),
    Trouble.SCAN_ENDED: Text(zh="扫描被中断", en="was stopped from scanning"),
    Trouble.NOT_ALLOWED: Text(
        zh="无法使用：本程序没有蓝牙权限", en="can't be used: this program has no permission to"
    ),
}
_TODO: Final = {
    Trouble.NO_ADAPTER: Text(
        zh="请插入适配器，或在设置 bluetooth 中改正名称。",
        en="Plug it in, or correct the setting bluetooth.",
    ),
    Trouble.NO_SERVICE: Text(zh="请启动 bluetooth 服务。", en="Start the service bluetooth."),
    Trouble.NOT_ALLOWED: Text(
        zh="请将运行用户加入 bluetooth 组。", en="Put its user into the group bluetooth."
    ),
}
_HELP: Final = Text(
    zh="自动恢复没有成功：请拔下再插上适配器，或重启这台设备。",
    en="Restarting it did not help: pull the adapter out and put it in again, or restart this machine.",
)
_DOING: Final = {
    Stage.SCANNED_AGAIN: Text(zh="正在重新扫描。", en="The scan is started again."),
    Stage.CYCLED: Text(zh="正在重启适配器。", en="The adapter is switched off and on."),
}
_QR: Final = Text(zh="其他功能正常，请扫码签到。", en="All else works; cards check in as usual.")


def _sentence(radio: str, trouble: Trouble, stage: Stage) -> Text:
    what = _WHAT[trouble]
    todo = _TODO.get(trouble) or _DOING.get(stage, _HELP)
    return Text(
        zh=f"蓝牙 {radio} {what.zh}。{todo.zh}{_QR.zh}",
        en=f"Bluetooth {radio} {what.en}. {todo.en} {_QR.en}",
    )

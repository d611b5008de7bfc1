"""The settings of a kiosk: those of its agent, and of its screen. Environment variables begin with `KIOSK_APP_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict, TomlConfigSettingsSource

from edge_agent import AgentSettings
from protocol import Text

_SCANNERS = ("serial", "wedge")


class KioskSettings(AgentSettings):
    """Every setting of a kiosk; the agent's own are among them. `area` is the one whose calls the screen repeats."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_APP_", extra="forbid")

    title_zh: str = "儿童医院"
    """The hospital's name, at the top of the screen."""
    title_en: str = "Children's Hospital"
    """The same in English."""
    place_zh: str = "自助签到"
    """Where this kiosk stands, or what it is for: `门诊大厅 1 号机`."""
    place_en: str = "Self check-in"
    """The same in English."""
    host: str = "127.0.0.1"
    """Where the screen's page is served; loopback, for the browser runs on the kiosk itself."""
    port: int = Field(default=8081, ge=0, le=65535)
    """Port of the page; 0 takes a free one."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    """Names under which the page may be asked for; another name is somebody else's page reaching in."""
    server: str = ""
    """The queue server's address, e.g. `http://10.0.0.5:8080`, for maps, which are kept for when it is away."""
    shown_s: float = Field(default=40.0, ge=2)
    """How many seconds an answer stays on the screen when nobody touches it; a problem stays half as long."""

    @classmethod
    def load(cls, path: Path | None = None, **given: object) -> "KioskSettings":
        """Read a TOML file (if any); `given` wins over it, the environment over both.

        Raises:
            pydantic.ValidationError: a setting is missing or wrong.
            OSError, tomllib.TOMLDecodeError: the file can't be read.
        """
        if path and not path.is_file():
            raise FileNotFoundError(f"The settings file {path} does not exist.")
        from_file = TomlConfigSettingsSource(cls, path)() if path else {}
        return cls(**{**from_file, **given})

    @property
    def title(self) -> Text:
        """The hospital's name."""
        return Text(zh=self.title_zh, en=self.title_en)

    @property
    def has_scanner(self) -> bool:
        """Whether cards are shown to a scanner's window."""
        return any(self._kind(spec) in _SCANNERS for spec in self.sources)

    @property
    def has_camera(self) -> bool:
        """Whether cards are shown to a camera."""
        return any(self._kind(spec) not in _SCANNERS for spec in self.sources)

    @staticmethod
    def _kind(spec: str) -> str:
        return spec.partition(":")[0]

"""The settings of an agent: a TOML file, over which environment variables `EDGE_AGENT_…` win."""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, StringConstraints, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from protocol import Name


class AgentSettings(BaseSettings):
    """Every setting of an agent. Unknown names are refused, for a misspelt one must not be overlooked."""

    model_config = SettingsConfigDict(env_prefix="EDGE_AGENT_", extra="forbid")

    site: Name
    """The hospital campus, as in the server's site file."""
    agent: Name
    """This agent's own name, unique in the site, e.g. `k07`."""
    area: Name | None = None
    """The area whose board this kiosk shows."""
    data: Path = Path("var/edge-agent")
    """Folder of the outbox and of the card lists."""
    broker: str = "mqtt://127.0.0.1:1883"
    """`mqtt://host:port`, or `mqtts://host:port` with the three files below."""
    tls_ca: Path | None = None
    """Certificate of the authority that signed the broker's."""
    tls_certificate: Path | None = None
    """This agent's own certificate."""
    tls_key: Path | None = None
    """The key to it."""
    broker_user: str | None = None
    """User name, where the broker asks for one."""
    broker_password: SecretStr | None = None
    """Password to it; better given by environment."""
    sources: tuple[str, ...] = ()
    """Cameras and scanners, e.g. `["camera:0", "serial:/dev/serial/by-id/…"]`; see docs/scanners.md."""
    timezone: str = "Asia/Shanghai"
    """Of the hospital: when a day begins."""
    provisional_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,8}$")] | None = None
    """Of the numbers given without the server, unique in the site; from the agent's name when left out: `k07` gives `K07`."""
    card_root: str = ""
    """The public root key of the card key set, base64; without it every card is left to the server."""
    printer: str = ""
    """What slips are printed on, e.g. `net:10.0.0.9`, `usb:04b8:0e15`, `folder:tickets`; see docs/paper.md."""
    voice: Literal["auto", "off"] = "auto"
    """Whether to speak, where there is a voice and a program to play sound."""
    voices: Path | None = None
    """Folder of better voices than espeak-ng: Piper models `zh*.onnx`, clips in `zh/` and `en/`; see docs/voice.md."""
    read_calls: bool = False
    """Read out the calls of the area: one agent (or one board) of a hall, not each of them."""
    bluetooth: str = "off"
    """The radio that hears phones: `off`, `hci0`, `usb:0`, `replay:FILE`; see docs/bluetooth-agent.md."""
    bluetooth_near_dbm: float = Field(default=-65.0, ge=-100, le=-30)
    """From this level on a phone is near; measure it where families stop."""
    bluetooth_offset_db: float = Field(default=0.0, ge=-30, le=30)
    """By how much this radio hears better than the usual one; taken off every level."""
    bluetooth_dwell_s: float = Field(default=1.5, ge=0, le=60)
    """How long a phone must be near before it is told as a stay."""
    bluetooth_silent_s: float = Field(default=20.0, ge=1, le=3600)
    """Without a single advert for so long the radio is taken to be deaf, and started again."""
    bluetooth_report_every_s: float = Field(default=1.0, ge=0.25, le=60)
    """How often all phones in hearing are reported."""
    bluetooth_record: Path | None = None
    """File to which every advert with a check-in token is added, for later replay; none: nothing is recorded."""
    health_every_s: float = Field(default=30.0, gt=0)
    """How often the agent reports how it fares."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write e.g. Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over what `load` read from the file."""
        return env_settings, init_settings

    @classmethod
    def load(cls, path: Path | None = None, **given: object) -> "AgentSettings":
        """Read a TOML file (if any); `given` wins over it, the environment over both.

        Raises:
            pydantic.ValidationError: a setting is missing or wrong.
            OSError, tomllib.TOMLDecodeError: the file can't be read.
        """
        from_file = TomlConfigSettingsSource(cls, path)() if path else {}
        if path and not path.is_file():
            raise FileNotFoundError(f"The settings file {path} does not exist.")
        return cls(**{**from_file, **given})

    @property
    def prefix(self) -> str:
        """Of provisional numbers."""
        return self.provisional_prefix or self.agent.upper().replace("_", "").replace("-", "")[:8]

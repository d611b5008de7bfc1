"""The settings of a kiosk: those of its agent, and of its screen. Environment variables begin with `KIOSK_APP_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict, TomlConfigSettingsSource

from edge_agent import AgentSettings


class KioskSettings(AgentSettings):
    """Every setting of a kiosk; the agent's own are among them."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_APP_", extra="forbid")

    title_zh: str = "儿童医院 自助签到"
    """What stands at the top of the screen."""
    title_en: str = "Children's hospital check-in"
    """The same in English."""
    host: str = "127.0.0.1"
    """Where the screen's page is served; loopback, for the browser runs on the kiosk itself."""
    port: int = Field(default=8081, ge=0, le=65535)
    """Port of the page."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names under which the page may be asked."""
    shown_s: float = Field(default=40.0, ge=5)
    """How long an answer stays on the screen when nobody touches it."""

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

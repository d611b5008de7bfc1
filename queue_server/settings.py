"""The settings of a queue server: a TOML file, over which environment variables `QUEUE_SERVER_…` win."""

import base64
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from queue_server.broker import Broker, parse_broker
from queue_server.errors import SettingsError
from queue_server.file_problems import sentence_of


class ServerSettings(BaseSettings):
    """Every setting of a queue server. Unknown names are refused, for a misspelt one must not be overlooked."""

    model_config = SettingsConfigDict(env_prefix="QUEUE_SERVER_", extra="forbid")

    site: Path
    """The site file (TOML); a sample is `daozhen/sites/small.toml`."""
    data: Path = Path("var/queue-server")
    """Folder of the journal and of the accounts."""
    broker: str | None = None
    """`mqtt://host:port`, or `mqtts://host:port` with the three files below; without it the server speaks HTTP only."""
    broker_user: str | None = None
    """User name, where the broker asks for one."""
    broker_password: SecretStr | None = None
    """Password to it; better given by environment."""
    tls_ca: Path | None = None
    """Certificate of the authority that signed the broker's."""
    tls_certificate: Path | None = None
    """This server's own certificate."""
    tls_key: Path | None = None
    """The key to it."""
    card_root: str = ""
    """The public root key of the card key set, base64; without it no visit card can be checked."""
    card_keys: Path | None = None
    """The signed card key set; read again whenever the file changes, and told to all agents."""
    card_revocations: Path | None = None
    """The signed revocation list; likewise."""
    phones: bool = True
    """Let phones check in by Bluetooth where agents hear them; their keys come from `phones.secret` in the data folder."""
    receivers: Path | None = None
    """Where the agents' radios hang (TOML), for places on the map: docs/bluetooth.md. Check-in works without it."""
    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback belongs behind a proxy with TLS."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Port to listen on; 0 takes a free one."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names under which browsers may ask for it; add the hospital's own, e.g. `["queue.hospital.example"]`."""
    map: Path | None = None
    """The hospital's map (IMDF archive, folder or zip): kiosks and phones then tell the way from where one stands."""
    public_url: str = ""
    """Under which phones reach this server, e.g. `https://queue.hospital.example`; without it kiosks show no code for phones."""
    cashier: Literal["none", "simulated"] = "none"
    """Who takes money on phones; `simulated` plays a wallet with made-up amounts, for demonstrations: no money moves."""
    laboratory: Literal["none", "in-process"] = "none"
    """`in-process`: tests are reported after their usual time by this server itself, where no laboratory system does."""
    laboratory_speed: Annotated[float, Field(gt=0, le=10_000)] = 1.0
    """The laboratory in this process is so many times faster than a real one; for demonstrations."""
    voice: Literal["auto", "off"] = "auto"
    """Let boards opened with `?voice=on` read their calls out, where this machine has a voice."""
    voices: Path | None = None
    """Folder of better voices than espeak-ng: Piper models `zh*.onnx`, clips in `zh/` and `en/`; see docs/voice.md."""
    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto`: for people on a terminal, JSON elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given wins over the environment; `load` puts the file below both."""
        return init_settings, env_settings

    @classmethod
    def load(cls, path: Path | None = None, **given: object) -> Self:
        """Read a TOML file (if any); the environment wins over it, and `given` over both.

        Raises:
            SettingsError: a setting is missing or wrong, or the file can't be read; one line a problem.
        """
        from_file = _read(path) if path else {}
        try:
            return cls(**{**from_file, **EnvSettingsSource(cls)(), **given})
        except ValidationError as error:
            raise SettingsError(
                "\n".join(f"Setting {sentence_of(detail)}." for detail in error.errors())
            ) from error

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data / "journal.db"

    @property
    def phone_secret(self) -> Path:
        """The file from which the keys of the phones are made."""
        return self.data / "phones.secret"

    @property
    def family(self) -> Path:
        """The file of the families' pages: which device each link belongs to, and what was paid."""
        return self.data / "family.db"

    @property
    def accounts(self) -> Path:
        """The accounts' file."""
        return self.data / "accounts.db"

    def broker_address(self) -> Broker | None:
        """The broker with its credentials; None when there is none.

        Raises:
            SettingsError: its address is not of the right form.
        """
        if self.broker is None:
            return None
        password = self.broker_password.get_secret_value() if self.broker_password else None
        return replace(
            parse_broker(self.broker),
            user=self.broker_user,
            password=password,
            ca=self.tls_ca,
            certificate=self.tls_certificate,
            key=self.tls_key,
        )

    def card_root_key(self) -> Ed25519PublicKey | None:
        """The root key of the card key set; None when there is none.

        Raises:
            SettingsError: it is not one.
        """
        if not self.card_root:
            return None
        try:
            return Ed25519PublicKey.from_public_bytes(base64.b64decode(self.card_root))
        except ValueError as error:
            raise SettingsError(
                "Setting card_root is no key: it is 44 characters of base64."
            ) from error


def data_folder(config: Path | None, data: Path | None) -> Path:
    """The data folder alone, for commands that need no site: as given, by the environment, by the settings file.

    Raises:
        SettingsError: the settings file can't be read.
    """
    if data is not None:
        return data
    from_file = _read(config) if config else {}
    chosen = os.environ.get("QUEUE_SERVER_DATA") or from_file.get("data")
    return Path(str(chosen)) if chosen else Path(ServerSettings.model_fields["data"].default)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} can't be read: {error.strerror}. Name one with --config, or leave it out."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}.") from error

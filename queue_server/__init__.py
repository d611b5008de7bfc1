"""The hospital's brain: journal, rules, calls, boards and consoles of one site. See README.md for the reading order."""

from queue_server.agents import AgentRegistry, AgentSeen
from queue_server.desk import Changes, Desk
from queue_server.errors import (
    CommitFailed,
    JournalError,
    QueueServerError,
    ServerStopped,
    SettingsError,
    SiteFileError,
)
from queue_server.logging_setup import set_up_logging
from queue_server.program import QueueServer, open_server
from queue_server.running import run_server
from queue_server.settings import ServerSettings
from queue_server.site_file import SitePlan, read_site_file

__all__ = [
    "AgentRegistry",
    "AgentSeen",
    "Changes",
    "CommitFailed",
    "Desk",
    "JournalError",
    "QueueServer",
    "QueueServerError",
    "ServerSettings",
    "ServerStopped",
    "SettingsError",
    "SiteFileError",
    "SitePlan",
    "open_server",
    "read_site_file",
    "run_server",
    "set_up_logging",
]

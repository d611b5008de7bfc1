"""The configuration of a mosquitto that runs as a child: loopback, persistent, bounded."""

from pathlib import Path


def mosquitto_configuration(port: int, store: Path, log: Path, user: str) -> str:
    """The text of `mosquitto.conf`, good for 2.0 and 2.1.

    Args:
        port: on the loopback address.
        store: folder of its persistent store.
        log: file it logs into.
        user: the system user it runs as.
    """
    return f"""\
# written by daozhen; changes are lost
listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {store}/
autosave_interval 10
max_queued_messages 100000
max_inflight_messages 1000
message_size_limit 2000000
log_dest file {log}
log_type error
log_type warning
log_type notice
connection_messages false
set_tcp_nodelay true
"""

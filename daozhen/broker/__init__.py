"""The ladder of brokers: a given one, mosquitto as a child, or the embedded one as a child."""

from daozhen.broker.ladder import OpenBroker, open_broker
from daozhen.broker.process import BrokerFailed, BrokerProcess, find_mosquitto, free_port

__all__ = [
    "BrokerFailed",
    "BrokerProcess",
    "OpenBroker",
    "find_mosquitto",
    "free_port",
    "open_broker",
]

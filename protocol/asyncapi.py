"""The AsyncAPI 3 document of the MQTT side, made from the models: `python -m protocol.asyncapi > docs/asyncapi.json`."""

import json
import sys
from typing import Final

from pydantic.json_schema import models_json_schema

from protocol.envelope import Envelope
from protocol.messages import MESSAGES, Message

CHANNELS: Final[dict[str, tuple[str, bool, tuple[str, ...]]]] = {
    "edge/{agent}/state": ("agent", True, ("daozhen.agent.state.v1",)),
    "edge/{agent}/health": ("agent", False, ("daozhen.agent.health.v1",)),
    "edge/{agent}/card": (
        "agent",
        False,
        ("daozhen.card.scanned.v1", "daozhen.ticket.provisional.v1", "daozhen.family.sought.v1"),
    ),
    "edge/{agent}/button": (
        "agent",
        False,
        ("daozhen.button.pressed.v1", "daozhen.offer.answered.v1"),
    ),
    "edge/{agent}/presence": (
        "agent",
        False,
        (
            "daozhen.presence.near.v1",
            "daozhen.presence.reported.v1",
            "daozhen.presence.proof.v1",
        ),
    ),
    "edge/{agent}/ack": ("server", True, ("daozhen.agent.acknowledged.v1",)),
    "edge/{agent}/command": (
        "server",
        False,
        (
            "daozhen.agent.show.v1",
            "daozhen.agent.print.v1",
            "daozhen.agent.speak.v1",
            "daozhen.agent.prove.v1",
        ),
    ),
    "board/{area}": ("server", True, ("daozhen.board.v1",)),
    "call/{group}": ("server", False, ("daozhen.call.made.v1",)),
    "server/state": ("server", True, ("daozhen.server.state.v1",)),
}
"""Topic below `daozhen/v1/{site}/`: who publishes, whether the broker keeps it, which kinds it carries."""


def document() -> dict[str, object]:
    """The document as a JSON-able value."""
    models: list[type[Message]] = list(MESSAGES.values())
    _, schemas = models_json_schema(
        [*((model, "validation") for model in models), (Envelope, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Daozhen over MQTT",
            "version": "1",
            "description": "MQTT 3.1.1, QoS 1. Every payload is the Envelope, whose `data` is the message named by `type`.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {_key(topic): _channel(topic) for topic in CHANNELS},
        "operations": {_key(topic): _operation(topic) for topic in CHANNELS},
        "components": {
            "messages": {_key(kind): _message(kind, model) for kind, model in MESSAGES.items()},
            "schemas": schemas["$defs"],
        },
    }


def _key(name: str) -> str:
    return name.replace("/", "_").replace("{", "").replace("}", "").replace(".", "_")


def _channel(topic: str) -> dict[str, object]:
    _, retained, kinds = CHANNELS[topic]
    names = [part[1:-1] for part in f"{{site}}/{topic}".split("/") if part.startswith("{")]
    return {
        "address": f"daozhen/v1/{{site}}/{topic}",
        "parameters": {name: {} for name in names},
        "messages": {_key(kind): {"$ref": f"#/components/messages/{_key(kind)}"} for kind in kinds},
        "description": "Kept by the broker." if retained else "Not kept by the broker.",
    }


def _operation(topic: str) -> dict[str, object]:
    publisher, retained, _ = CHANNELS[topic]
    return {
        "action": "send",
        "summary": f"Published by the {publisher}.",
        "channel": {"$ref": f"#/channels/{_key(topic)}"},
        "bindings": {"mqtt": {"qos": 1, "retain": retained}},
    }


def _message(kind: str, model: type[Message]) -> dict[str, object]:
    return {
        "name": kind,
        "summary": (model.__doc__ or "").splitlines()[0],
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "properties": {
                        "type": {"const": kind},
                        "data": {"$ref": f"#/components/schemas/{model.__name__}"},
                    }
                },
            ]
        },
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")

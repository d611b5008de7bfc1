"""The published documents are those of the code."""

import json
from pathlib import Path

from protocol import MESSAGES
from protocol.asyncapi import CHANNELS, document

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_document_is_that_of_the_models() -> None:
    assert json.loads((DOCS / "asyncapi.json").read_text()) == json.loads(json.dumps(document()))


def test_every_kind_of_message_has_its_topic() -> None:
    assert {kind for _, _, kinds in CHANNELS.values() for kind in kinds} == set(MESSAGES)

"""The page for app developers says what the vectors say."""

import json
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "checkin-token.md").read_text("utf-8")
VECTORS = json.loads((DOCS / "vectors" / "chk.json").read_text())


def test_the_page_names_the_first_vector_and_the_services() -> None:
    for uuid in (
        VECTORS["tokens"][0]["uuid"],
        *(VECTORS["challenge"][f"{name}_uuid"] for name in ("service", "ask", "answer")),
    ):
        assert uuid in PAGE


def test_the_page_names_the_namespace() -> None:
    assert bytes.fromhex(VECTORS["namespace_hex"]).hex(" ") in PAGE

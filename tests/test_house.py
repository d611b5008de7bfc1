"""The house itself: what packages may reach for, and what the product may say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "protocol",
    "edge_agent",
    "kiosk_app",
    "beacon_sim",
    "queue_server",
    "nav_maps",
    "design",
    "daozhen",
)
CORES = ("queue_server/core", "edge_agent/core")


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every import of a file: the module, and the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, tuple(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ()


@pytest.mark.parametrize("path", sources(*PACKAGES), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_package_reaches_into_the_inside_of_another(path: Path) -> None:
    """From outside, only packages (folders with an `__init__.py`) are imported, never a module of theirs."""
    own = path.relative_to(ROOT).parts[0]
    reached = [
        module
        for module, _ in imports(path)
        if module.split(".")[0] in PACKAGES
        and module.split(".")[0] != own
        and (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
    ]
    assert not reached, f"{path} imports {reached}: export the names from the package instead"


@pytest.mark.parametrize("path", sources(*CORES), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_core_never_asks_what_time_it_is(path: Path) -> None:
    asked = [
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "fromtimestamp"}
    ]
    assert not asked


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_is(package: str) -> None:
    readme = ROOT / package / "README.md"
    assert readme.is_file(), f"{package} has no README.md"
    assert len(readme.read_text().split()) > 40


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_committed_file_names_a_registry() -> None:
    hosts = re.compile(
        "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + "js", "regis" + "try\\."))
    )
    naming = [
        str(path)
        for path in committed()
        if path.is_file()
        and path.suffix not in {".png", ".jpg", ".webp"}
        and hosts.search(path.read_text("utf-8", "replace"))
    ]
    assert not naming


@pytest.mark.parametrize(
    "program", ["daozhen", "queue-server", "edge-agent", "kiosk-app", "beacon-sim", "nav-maps"]
)
def test_every_program_explains_itself(program: str) -> None:
    answer = subprocess.run(
        [str(Path(sys.executable).parent / program), "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "usage" in answer.stdout.lower()

"""What no single table can know: that the things they name are there, and that they fit together."""

from collections.abc import Iterable
from dataclasses import dataclass

from queue_server.file_problems import Problems, remedy, shown
from queue_server.site_file.tables import SiteFile
from queue_server.toml_lines import Key, TomlLines


@dataclass(frozen=True, slots=True)
class Check:
    """A file whose tables are well-formed, and where to say what is wrong with it."""

    file: SiteFile
    path: str
    lines: TomlLines
    problems: Problems

    def wrong(self, key: Key, sentence: str) -> None:
        """Say what is wrong at a key, and what to write."""
        self.problems.add(self.path, self.lines.line_of(key), sentence)

    def known(self, key: Key, given: str | None, names: Iterable[str]) -> bool:
        """Whether what is named is there; says so if not. None, nothing named, is as good."""
        names = list(names)
        if given is None or given in names:
            return True
        where = ".".join(map(str, key))
        self.wrong(key, f"{where} is {shown(given)}, which is not there; {remedy(given, names)}")
        return False

    def line_of(self, key: Key) -> int:
        """The line where a key stands."""
        return self.lines.line_of(key)

    @property
    def doctors(self) -> dict[str, None]:
        """Ids of all doctors: those listed, and those who sit at a point."""
        seated = (point.doctor for point in self.file.points.values() if point.doctor)
        return dict.fromkeys([*self.file.doctors, *seated])

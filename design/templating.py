"""For pages with Jinja: `icon`, `guide` and our templates in an environment of theirs."""

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader

from design.files import templates_path
from design.guides import guide
from design.icons import icon


def dress(environment: Environment) -> Environment:
    """Give an environment the functions `icon(name)` and `guide(animal, pose)`, and the templates under `design/`."""
    environment.globals.update(icon=icon, guide=guide)
    ours: list[BaseLoader] = [FileSystemLoader(templates_path())]
    if environment.loader:
        ours.insert(0, environment.loader)
    environment.loader = ChoiceLoader(ours)
    return environment

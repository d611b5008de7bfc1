"""What all our screens share: colours and type, components, icons, three guides, chimes. It knows nothing else of ours.

In reading order: `static/tokens.css`, `static/base.css`, `icons`, `guides`, `chimes`, `files` (what pages fetch),
`templating` (for pages with Jinja), `palette` (the tokens as values), `style_page` (the living style page).
"""

from design.chimes import CHIMES, chime
from design.errors import DesignError, NotDrawn
from design.files import DesignFiles, made_file, static_path, templates_path, version
from design.guides import ANIMALS, AREAS, POSES, guide, guide_file
from design.icons import ICONS, icon
from design.palette import THEMES, Theme, palette
from design.style_page import style_page
from design.templating import dress

__all__ = [
    "ANIMALS",
    "AREAS",
    "CHIMES",
    "ICONS",
    "POSES",
    "THEMES",
    "DesignError",
    "DesignFiles",
    "NotDrawn",
    "Theme",
    "chime",
    "dress",
    "guide",
    "guide_file",
    "icon",
    "made_file",
    "palette",
    "static_path",
    "style_page",
    "templates_path",
    "version",
]

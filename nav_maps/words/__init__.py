"""Ways in words: a route and its map to sentences in Chinese and English, for reading, for speech, for a ticket.

In reading order: `steps` (the vocabulary), `turns`, `sight`, `things`, `steering` (by what one knows where to turn), `walking`,
`building` (route → steps), `amounts`, `zh`, `en`, `telling` (steps → sentences), `way` (all of it), `plain` (as data).
"""

from nav_maps.words.building import Guide
from nav_maps.words.plain import plain
from nav_maps.words.steps import Step
from nav_maps.words.telling import LANGUAGES, Register, Teller
from nav_maps.words.way import Instruction, Way, rerouted, tell, wrapped

__all__ = [
    "LANGUAGES",
    "Guide",
    "Instruction",
    "Register",
    "Step",
    "Teller",
    "Way",
    "plain",
    "rerouted",
    "tell",
    "wrapped",
]

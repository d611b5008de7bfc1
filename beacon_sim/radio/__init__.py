"""Simulated radio (仿真无线电): from phones that are carried about to what each agent hears.

Read in this order: `model` (all figures), `fields` (shadow and fading from a seed), `paths` (where a phone is), `air` (the whole
chain), `statistics` and `compare` (beside recorded tracks), `doors` (check-ins through the agents' and the server's own code).
"""

from beacon_sim.radio.air import Air, Phone, Received
from beacon_sim.radio.command import add_to
from beacon_sim.radio.model import PHONES, PhoneModel, RadioModel, Wall
from beacon_sim.radio.paths import Walk, straight, waiting

__all__ = [
    "PHONES",
    "Air",
    "Phone",
    "PhoneModel",
    "RadioModel",
    "Received",
    "Walk",
    "Wall",
    "add_to",
    "straight",
    "waiting",
]

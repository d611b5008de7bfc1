"""Reading QR codes from frames and pictures.

In reading order: `port` (what a decoder is), `zxing` and `zbar` (the engines), `flat` (bent codes), `guard` (engines that
fail), `passes` (changes of the picture), `cascade` (which pass when: live and still), `pictures` and `command`.
"""

from edge_agent.readers.cascade import LiveReader, read_still
from edge_agent.readers.command import add_read_command
from edge_agent.readers.flat import Flat
from edge_agent.readers.guard import failures
from edge_agent.readers.pictures import BadPicture, PictureRead, grey_picture, read_pictures
from edge_agent.readers.port import Decoder, Grey, Reading
from edge_agent.readers.zbar import Zbar
from edge_agent.readers.zxing import Zxing

__all__ = [
    "BadPicture",
    "Decoder",
    "Flat",
    "Grey",
    "LiveReader",
    "PictureRead",
    "Reading",
    "Zbar",
    "Zxing",
    "add_read_command",
    "failures",
    "grey_picture",
    "read_pictures",
    "read_still",
]

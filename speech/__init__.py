"""Voice: how calls are worded, read aloud, and kept from talking over each other."""

from speech.announcements import Announcement, Announcer, Kind
from speech.calls import JUST_NOW, CallListener, is_quiet, to_read_out
from speech.errors import NoVoice, SpeechError
from speech.loudspeaker import Loudspeaker, Reader
from speech.player import Player, find_player
from speech.sound import Sound, chime, joined
from speech.voices import Voice, find_voice, voice_note
from speech.wording import Language, call_sentence, door_sentence, spoken

__all__ = [
    "JUST_NOW",
    "Announcement",
    "Announcer",
    "CallListener",
    "Kind",
    "Language",
    "Loudspeaker",
    "NoVoice",
    "Player",
    "Reader",
    "Sound",
    "SpeechError",
    "Voice",
    "call_sentence",
    "chime",
    "door_sentence",
    "find_player",
    "find_voice",
    "is_quiet",
    "joined",
    "spoken",
    "to_read_out",
    "voice_note",
]

"""Voices behind one port: recorded clips, Piper, espeak-ng."""

from speech.voices.clips import Clips
from speech.voices.espeak import Espeak
from speech.voices.ladder import find_voice, voice_note
from speech.voices.piper import Piper
from speech.voices.port import Voice

__all__ = ["Clips", "Espeak", "Piper", "Voice", "find_voice", "voice_note"]

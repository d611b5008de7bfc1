"""What can go wrong with a voice."""


class SpeechError(Exception):
    """Base of all errors of this package."""


class NoVoice(SpeechError):
    """A sentence could not be read aloud: the message says by what, and what to do."""


class BadSound(SpeechError):
    """Bytes that are no WAV sound of 16 bits."""

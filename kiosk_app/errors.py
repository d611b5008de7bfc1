"""What can go wrong with a kiosk's screen."""


class KioskError(Exception):
    """The screen can't be shown as it is set up; the message is a sentence for the operator."""

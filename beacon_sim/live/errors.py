"""What can go wrong with a day by the real programs."""


class LiveError(Exception):
    """The day can't be played as it is set up, or a program did what it must not; the sentence says what."""

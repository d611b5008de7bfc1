"""What can go wrong with an export or a model file."""


class FitError(Exception):
    """The file can't be used at all; the sentence says why, and what to do."""

"""What can go wrong with the design's pieces."""


class DesignError(Exception):
    """The message is a sentence for whoever writes the page."""


class NotDrawn(DesignError):
    """An icon, a guide or a pose that does not exist."""

"""What can go wrong with a learned forecast."""

from queue_server.errors import QueueServerError


class ForecastError(QueueServerError):
    """A forecast can't be learned, or a learned one can't be used."""


class ForecastFileError(ForecastError):
    """The file of a learned forecast can't be used; the server goes on with the forecast of the first day."""

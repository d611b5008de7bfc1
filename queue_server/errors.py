"""What can go wrong in the queue server, each with a sentence for the person who meets it.

Refusals of a command are no errors: they are answers (`core.commands.Refused`).
"""


class QueueServerError(Exception):
    """Base of this package's errors; the message says what happened, to which thing, and what to do."""


class JournalError(QueueServerError):
    """The journal can't be opened, read or written."""


class JournalLocked(JournalError):
    """Another queue server is using this journal."""


class JournalTooNew(JournalError):
    """The journal was written by a newer version of this program."""


class JournalDamaged(JournalError):
    """The journal holds something that can't be read."""


class CommitFailed(JournalError):
    """What had been decided could not be made durable; the process must end and start again from the journal."""


class RulesBroken(QueueServerError):
    """An event that was decided could not be applied; the process must end and start again from the journal."""


class SiteFileError(QueueServerError):
    """The site file, or a list of appointments, can't be used."""


class CardListError(QueueServerError):
    """The card key set or the revocation list can't be used."""


class SettingsError(QueueServerError):
    """A setting is missing or wrong."""


class ServerStopped(QueueServerError):
    """A command came after the writer had stopped; it was not carried out."""

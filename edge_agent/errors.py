"""What can stop an agent from starting. Once it runs, nothing stops it; it says what is wrong and goes on."""


class AgentError(Exception):
    """Base; the message is a sentence for the operator."""


class OutboxUnusable(AgentError):
    """The folder of the outbox can't be written."""


class BadSettings(AgentError):
    """The settings can't be meant."""

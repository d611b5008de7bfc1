"""Where frames and scanned texts come from.

`port` says what a source is, `spec` how it is written in settings; the rest is one kind a file, and `recovery` is how
they open again when a plug was pulled.
"""

from edge_agent.sources.port import BadSource, Frame, ScannedText, Source, SourceHealth
from edge_agent.sources.spec import open_source

__all__ = ["BadSource", "Frame", "ScannedText", "Source", "SourceHealth", "open_source"]

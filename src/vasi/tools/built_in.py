"""The providers of vasi's own tools."""

from __future__ import annotations

from vasi.tools.notes import note_tools
from vasi.tools.providers import ToolProvider
from vasi.tools.search import SearchKnowledge

PROVIDERS = (
    ToolProvider("search", lambda parts: [SearchKnowledge(parts.knowledge)]),
    ToolProvider("notes", lambda parts: note_tools(parts.notes)),
)

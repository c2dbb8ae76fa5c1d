"""The providers of vasi's own tools."""

from __future__ import annotations

from vasi.tools.library import library_tools
from vasi.tools.notes import note_tools
from vasi.tools.providers import ToolProvider
from vasi.tools.search import search_tool

PROVIDERS = (
    ToolProvider("search", lambda parts: [search_tool(parts.knowledge), *library_tools(parts.knowledge)]),
    ToolProvider("notes", lambda parts: note_tools(parts.notes)),
)

"""The running program: what the parts are made of (composition), what goes on behind (background, engines), status."""

from vasi.app.capacity import talking_sessions
from vasi.app.composition import Vasi
from vasi.app.status import EngineReport, PluginReport, describe_engines, describe_plugins

__all__ = ["EngineReport", "PluginReport", "Vasi", "describe_engines", "describe_plugins", "talking_sessions"]

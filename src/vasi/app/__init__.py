"""The running program: what the parts are made of (composition), what goes on behind (background, engines), status."""

from vasi.app.composition import Vasi
from vasi.app.status import EngineReport, describe_engines

__all__ = ["EngineReport", "Vasi", "describe_engines"]

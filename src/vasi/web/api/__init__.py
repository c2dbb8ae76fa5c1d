"""The HTTP API of the app, below ``/api``: documents, notes, conversations, search, events, status."""

from vasi.web.api.application import api, described
from vasi.web.api.services import EngineShown, Limits, PersonaShown, Services, Status

__all__ = ["EngineShown", "Limits", "PersonaShown", "Services", "Status", "api", "described"]

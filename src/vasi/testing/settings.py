"""The structs of settings for tests: what a server without a settings file has, but for what a test changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vasi.app import package_settings
from vasi.config import Settings
from vasi.conversation.settings import ConversationSettings
from vasi.gateway.limits import RateSettings
from vasi.gateway.settings import GatewaySettings
from vasi.knowledge import ReadingLimits
from vasi.transports.webrtc.settings import WebRtcSettings
from vasi.web.connections import ConnectionLimits
from vasi.web.settings import WebSettings

INSTRUCTIONS = "You are the assistant of a test."


def conversation_settings(**changes: Any) -> ConversationSettings:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.conversation_settings(Settings()), **changes)


def gateway_settings(instructions: str = INSTRUCTIONS, **changes: Any) -> GatewaySettings:
    """Those of a server without a settings file, with ``changes``."""
    made = package_settings.gateway_settings(Settings(), instructions=instructions, model="vasi")
    return replace(made, **changes)


def rate_settings(**changes: Any) -> RateSettings:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.rate_settings(Settings()), **changes)


def reading_limits(**changes: Any) -> ReadingLimits:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.reading_limits(Settings()), **changes)


def web_settings(**changes: Any) -> WebSettings:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.web_settings(Settings()), **changes)


def connection_limits(**changes: Any) -> ConnectionLimits:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.connection_limits(Settings()), **changes)


def webrtc_settings(**changes: Any) -> WebRtcSettings:
    """Those of a server without a settings file, with ``changes``."""
    return replace(package_settings.webrtc_settings(Settings()), **changes)

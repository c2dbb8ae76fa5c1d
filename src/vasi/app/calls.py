"""What takes WebRTC calls, if it's installed and wanted."""

from __future__ import annotations

import logging
from importlib.util import find_spec

from vasi.app.package_settings import webrtc_settings
from vasi.config import Settings
from vasi.transports.ports import CallTransport

log = logging.getLogger(__name__)


def make_call_transport(settings: Settings) -> CallTransport | None:
    """Takes calls; None where they aren't wanted or the extra isn't installed."""
    if not settings.webrtc.take_calls:
        return None
    if find_spec("aiortc") is None:
        log.info("WebRTC isn't installed (pip install 'vasi[webrtc]'): clients connect by WebSocket.")
        return None
    # It loads FFmpeg, which takes a moment; commands that don't serve do without.
    from vasi.transports.webrtc.transport import WebRtcTransport

    return WebRtcTransport(webrtc_settings(settings))

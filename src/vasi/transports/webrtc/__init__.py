"""The Realtime API over WebRTC: sound as Opus, events on a data channel. Needs the extra ``vasi[webrtc]``.

``settings`` and what is in ``vasi.transports.ports`` can be imported without it.
"""

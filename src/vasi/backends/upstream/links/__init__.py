"""The connection to a model service: a small port, and two libraries behind it."""

from vasi.backends.upstream.links.opening import open_link
from vasi.backends.upstream.links.ports import ConnectionLost, ServiceLink

__all__ = ["ConnectionLost", "ServiceLink", "open_link"]

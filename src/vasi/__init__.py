"""vasi: a self-hosted voice assistant for your own documents and notes."""

__version__ = "0.1.0"

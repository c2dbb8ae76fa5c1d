"""What people asked to remember."""

from vasi.notes.notes import KEPT_IN_BIN, Notes, shown

__all__ = ["KEPT_IN_BIN", "Notes", "shown"]

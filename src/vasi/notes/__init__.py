"""What people asked to remember."""

from vasi.notes.notes import KEPT_IN_BIN, MOST_CHARACTERS, Notes, shown

__all__ = ["KEPT_IN_BIN", "MOST_CHARACTERS", "Notes", "shown"]

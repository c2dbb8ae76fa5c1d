"""What people asked to remember."""

from vasi.notes.notes import Notes

__all__ = ["Notes"]

"""PDF through PDFium."""

from vasi.knowledge.parse.pdf.reader import parse

__all__ = ["parse"]

"""The index over passages: which terms stand for a text, and which passages fit the terms of a question best.

It stands above the store, which only counts terms, so that every store finds and ranks alike.
"""

from vasi.knowledge.index.analyser import TextAnalyser
from vasi.knowledge.index.index import Index, LookUp

__all__ = ["Index", "LookUp", "TextAnalyser"]

"""Web pages as documents: fetched once when they are added, and again when somebody asks for it."""

from vasi.knowledge.pages.fetcher import PageFetcher, PageSettings
from vasi.knowledge.pages.web_pages import PageProblem, WebPages, is_address, require_page

__all__ = ["PageFetcher", "PageProblem", "PageSettings", "WebPages", "is_address", "require_page"]

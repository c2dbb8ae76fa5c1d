"""Fetches one page: within limits of time and size, from where it may be, if its host lets programs have it."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import urllib.request
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx2

from vasi import __version__
from vasi.errors import DocumentError
from vasi.knowledge.pages.addresses import PageAddress, page_address, require_public, resolve
from vasi.knowledge.uploaded_file import PageOrigin, UploadedFile
from vasi.storage.spool import Spool

AGENT: Final = "vasi"
"""The name by which hosts know this program."""
_USER_AGENT: Final = f"Mozilla/5.0 (compatible; {AGENT}/{__version__})"
MAX_REDIRECTS: Final = 5
MAX_ROBOTS_BYTES: Final = 500_000
CONCURRENT_PAGES: Final = 4
"""Pages that are fetched at a time."""
_ACCEPT: Final = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
WEB_PAGE_SUFFIX: Final = ".webpage"
"""How files end that hold a page of the web in UTF-8, of which only the main part is read."""
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_SUFFIXES: Final = {
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/json": ".json",
}
"""For addresses whose last part has no suffix."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What may be fetched.

    Attributes:
        file_bytes: the largest page.
        seconds: for all of it, redirects included.
        private: pages of this machine and its network, too.
    """

    file_bytes: int
    seconds: float
    private: bool


class PageFetcher:
    """Fetches pages for everybody.

    Args:
        settings: what may be fetched.
        spool: where pages are until they were read.
    """

    def __init__(self, settings: PageSettings, spool: Spool) -> None:
        self._settings = settings
        self._spool = spool
        self._turns = asyncio.Semaphore(CONCURRENT_PAGES)

    async def fetch(self, address: str) -> UploadedFile:
        """The page at ``address``, in a file that has to be dropped in the end.

        Raises:
            DocumentError: it can't be fetched; the message is a sentence that says why.
            StoreError: it can't be kept.
        """
        page = page_address(address)
        seconds = self._settings.seconds
        async with self._turns:
            try:
                async with asyncio.timeout(seconds):
                    return await self._follow(page, PageOrigin(page.text, page.name))
            except TimeoutError:
                text = f"{page.shown} didn't come within {seconds:g} seconds: try again later."
                raise DocumentError(text) from None
            except httpx2.InvalidURL:
                raise DocumentError(f"{page.shown} isn't an address: check how it's written.") from None
            except httpx2.HTTPError as error:
                reason = "its certificate isn't valid" if "CERTIFICATE" in str(error) else "the connection failed"
                text = f"{page.shown} can't be fetched, because {reason}: check the address, or try again later."
                raise DocumentError(text) from None

    async def _follow(self, page: PageAddress, origin: PageOrigin) -> UploadedFile:
        permitted: dict[str, RobotFileParser] = {}
        for _ in range(MAX_REDIRECTS + 1):
            if page.authority not in permitted:
                permitted[page.authority] = await self._rules(page)
            if not permitted[page.authority].can_fetch(AGENT, page.text):
                text = f"The host of {page.shown} lets no programs fetch it (robots.txt): save it and add the file."
                raise DocumentError(text)
            async with self._get(page, _ACCEPT) as response:
                if (following := _redirect(page, response)) is None:
                    _require_success(page, response)
                    return await self._keep(page, response, origin)
            page = following
        raise DocumentError(f"{page.shown} leads from one address to the next without end.")

    async def _rules(self, page: PageAddress) -> RobotFileParser:
        """Which pages of its host programs may fetch."""
        rules = RobotFileParser()
        robots: PageAddress = page_address(page.robots)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._get(robots, "text/plain") as response:
                if (following := _redirect(robots, response)) is None:
                    if response.status_code >= 500:
                        text = f"{page.shown} can't be fetched now: its host has a fault. Try again later."
                        raise DocumentError(text)
                    data = await _beginning(response, MAX_ROBOTS_BYTES) if response.is_success else b""
                    rules.parse(data.decode("utf-8", "replace").splitlines())
                    return rules
            robots = following
        rules.parse([])
        return rules

    @contextlib.asynccontextmanager
    async def _get(self, page: PageAddress, accept: str) -> AsyncGenerator[httpx2.Response, None]:
        proxy = _proxy_for(page)
        url = page.text
        try:
            resolved = await resolve(page)
        except DocumentError:
            if proxy is None:
                raise
            # The proxy may know more hosts than this machine.
        else:
            if not self._settings.private:
                require_public(page, resolved)
            if proxy is None:
                url = page.at(resolved[0])
        headers = {"User-Agent": _USER_AGENT, "Accept": accept, "Host": page.authority}
        async with (
            httpx2.AsyncClient(trust_env=False, proxy=proxy, timeout=self._settings.seconds) as client,
            client.stream("GET", url, headers=headers, extensions={"sni_hostname": page.host}) as response,
        ):
            yield response

    async def _keep(self, page: PageAddress, response: httpx2.Response, origin: PageOrigin) -> UploadedFile:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        file = await asyncio.to_thread(
            UploadedFile, _file_name(page, media_type), self._spool, self._settings.file_bytes, origin
        )
        try:
            if media_type in _HTML and (charset := _codec(response.charset_encoding)) is not None:
                # What the host says of the encoding counts more than what the page says.
                await asyncio.to_thread(file.write, f'<meta charset="{charset}">'.encode())
            async for piece in response.aiter_bytes(65_536):
                await asyncio.to_thread(file.write, piece)
                if file.too_large:
                    most = self._settings.file_bytes / 1e6
                    raise DocumentError(f"{page.shown} is too large; the limit is {most:,.0f} MB.")
            await asyncio.to_thread(file.finish)
        except BaseException:
            await asyncio.to_thread(file.drop)
            raise
        return file


def _codec(charset: str | None) -> str | None:
    """The name of an encoding, if there is such."""
    try:
        return None if charset is None else codecs.lookup(charset).name
    except LookupError:
        return None


def _redirect(page: PageAddress, response: httpx2.Response) -> PageAddress | None:
    """Where the page is instead; None if it's here."""
    if not response.is_redirect or "location" not in response.headers:
        return None
    return page_address(urljoin(page.text, response.headers["location"]))


def _require_success(page: PageAddress, response: httpx2.Response) -> None:
    """Raise ``DocumentError`` if no page came."""
    status = response.status_code
    if response.is_success:
        return
    match status:
        case 401 | 403:
            reason = "can't be read without signing in there: save it in a browser and add the file"
        case 404 | 410:
            reason = "doesn't exist: check the address"
        case 429:
            reason = "can't be fetched now, because its host was asked too often: try again later"
        case _ if status >= 500:
            reason = "can't be fetched now: its host has a fault. Try again later"
        case _:
            reason = "can't be fetched"
    raise DocumentError(f"{page.shown} {reason} (HTTP status {status}).")


async def _beginning(response: httpx2.Response, size: int) -> bytes:
    data = b""
    async for piece in response.aiter_bytes(65_536):
        data += piece
        if len(data) >= size:
            break
    return data[:size]


def _proxy_for(page: PageAddress) -> str | None:
    """The proxy that the environment names for a page."""
    parts = urlsplit(page.text)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return None if not proxy or urllib.request.proxy_bypass(page.host) else proxy


def _file_name(page: PageAddress, media_type: str) -> str:
    """What the file is called while it's read: its end tells how."""
    parts = urlsplit(page.text)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]) or page.host
    if media_type in _HTML:
        return f"{last[:100]}{WEB_PAGE_SUFFIX}"
    suffix = _SUFFIXES.get(media_type, "")
    return last if not suffix or last.lower().endswith(suffix) else f"{last}{suffix}"

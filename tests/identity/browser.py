"""A browser that signs in at the test provider: it keeps cookies, follows redirects and fills in the forms there."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import httpx2

MOST_STEPS = 20
_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Browser:
    """One browser.

    Args:
        login: what its user types into the provider's form.
    """

    def __init__(self, login: str = "ann") -> None:
        self.login = login
        self.http = httpx2.AsyncClient(follow_redirects=False, timeout=30)
        self.visited: list[str] = []
        self._site = ""

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, address: str) -> httpx2.Response:
        """Go to an address, as if the user followed a link on the page they're on."""
        site = _site(address)
        came_from = "none" if not self._site else "same-origin" if site == self._site else "cross-site"
        self._site = site
        self.visited.append(address)
        headers = {"sec-fetch-mode": "navigate", "sec-fetch-site": came_from, "accept": "text/html"}
        return await self.http.get(address, headers=headers)

    async def until(self, address: str, arrived: Callable[[str], bool]) -> str:
        """Go to ``address`` and on from there, until ``arrived`` says so of the next address, which isn't visited."""
        for _ in range(MOST_STEPS):
            if arrived(address):
                return address
            response = await self.get(address)
            if "location" not in response.headers:
                response = await self._fill_in(address, response)
            address = urljoin(address, response.headers["location"])
        raise AssertionError(f"it never arrived: {self.visited}")

    async def _fill_in(self, address: str, page: httpx2.Response) -> httpx2.Response:
        form = _ACTION.search(page.text)
        assert form is not None, f"{address}: {page.status_code} {page.text[:500]}"
        fields = dict(_HIDDEN.findall(page.text))
        if fields.get("prompt") == "login":
            fields |= {"login": self.login, "password": "any"}
        return await self.http.post(urljoin(address, form[1]), data=fields)


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def parameters(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(httpx2.URL(address).params)

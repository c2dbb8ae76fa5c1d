"""Fetching: what comes, and why something doesn't, over real connections to a site on this machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from starlette.responses import RedirectResponse, Response

from tests.knowledge.pages.site import HANDBOOK, site
from vasi.errors import DocumentError
from vasi.knowledge.pages import PageFetcher, PageSettings, addresses
from vasi.storage.spool import Spool


def fetcher(folder: Path, **settings: object) -> PageFetcher:
    given = {"file_bytes": 100_000, "seconds": 5.0, "private": True, **settings}
    return PageFetcher(PageSettings(**given), Spool(folder))  # type: ignore[arg-type]


async def refused(folder: Path, address: str, **settings: object) -> str:
    """Why a page wasn't fetched; nothing is left of it."""
    with pytest.raises(DocumentError) as caught:
        await fetcher(folder, **settings).fetch(address)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    return caught.value.message


async def test_a_page_comes_as_it_is(tmp_path: Path) -> None:
    async with site() as there:
        file = await fetcher(tmp_path).fetch(there.shows("/boats/rules", HANDBOOK) + "#berths")
        assert there.hosts == {there.address.removeprefix("http://")}
        assert file.page is not None
        assert file.page.address == f"{there.address}/boats/rules"
        assert file.page.name == "127.0.0.1/boats/rules"
        assert file.path.read_bytes().endswith(HANDBOOK.encode())
        file.drop()


async def test_the_name_of_the_host_is_what_the_host_is_asked_by(tmp_path: Path) -> None:
    async with site() as there:
        address = there.shows("/", HANDBOOK).replace("127.0.0.1", "localhost")
        (await fetcher(tmp_path).fetch(address)).drop()
        assert {host.partition(":")[0] for host in there.hosts} == {"localhost"}


async def test_other_files_keep_their_kind(tmp_path: Path) -> None:
    async with site() as there:
        for path, media_type, name in (
            ("/price%20list.csv", "text/csv", "price list.csv"),
            ("/report", "application/pdf", "report.pdf"),
            ("/notes.md", "text/plain", "notes.md.txt"),
        ):
            there.shows(path.replace("%20", " "), "a;b", media_type)
            file = await fetcher(tmp_path).fetch(f"{there.address}{path}")
            assert file.name == name
            file.drop()


async def test_pages_of_this_machine_are_not_fetched_unless_allowed(tmp_path: Path) -> None:
    async with site() as there:
        address = there.shows("/", HANDBOOK)
        port = address.split(":")[-1]
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"):
            assert "web_pages.private" in await refused(tmp_path, f"http://{host}:{port}", private=False)
        assert there.asked == []


async def test_a_public_page_leads_nowhere_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The site stands for one on the public network; every other address is private.
    monkeypatch.setattr(addresses, "is_public", lambda ip: str(ip) == "127.0.0.1")
    async with site() as there:
        (await fetcher(tmp_path, private=False).fetch(there.shows("/", HANDBOOK))).drop()
        address = there.leads("/out", "http://127.0.0.2:1/")
        assert "web_pages.private" in await refused(tmp_path, address, private=False)
        there.robots = RedirectResponse("http://127.0.0.2:1/robots.txt")
        assert "web_pages.private" in await refused(tmp_path, f"{there.address}/", private=False)


async def test_redirects_are_followed_and_end(tmp_path: Path) -> None:
    async with site() as there:
        there.shows("/new", HANDBOOK)
        file = await fetcher(tmp_path).fetch(there.leads("/old", "/new"))
        assert file.page is not None
        assert file.page.address.endswith("/old")
        file.drop()
        assert "without end" in await refused(tmp_path, there.leads("/round", "/round"))
        assert "begins with https://" in await refused(tmp_path, there.leads("/file", "file:///etc/passwd"))


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (Response("User-agent: *\nDisallow: /members\n"), False),
        (Response("User-agent: vasi\nDisallow: /\n"), False),
        (Response("User-agent: other\nDisallow: /\n"), True),
        (Response("User-agent: *\nDisallow: /else\n"), True),
        (Response("x" * 600_000), True),
        (Response(status_code=404), True),
        (Response(status_code=503), False),
    ],
)
async def test_a_host_tells_which_pages_programs_may_fetch(tmp_path: Path, robots: Response, allowed: bool) -> None:
    async with site() as there:
        there.robots = robots
        address = there.shows("/members/list", HANDBOOK)
        if allowed:
            (await fetcher(tmp_path).fetch(address)).drop()
        else:
            assert "robots.txt" in (reason := await refused(tmp_path, address)) or "fault" in reason
            assert "/members/list" not in there.asked


async def test_limits_hold(tmp_path: Path) -> None:
    async with site() as there:
        assert "too large" in await refused(tmp_path, there.shows("/large", "x" * 150_000))
        assert "within 1 seconds" in await refused(tmp_path, there.is_slow("/slow"), seconds=1.0)


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, "signing in"), (404, "doesn't exist"), (429, "too often"), (500, "fault"), (418, "status 418")],
)
async def test_an_error_says_what_to_do(tmp_path: Path, status: int, why: str) -> None:
    async with site() as there:
        assert why in await refused(tmp_path, there.shows("/page", "No.", status=status))


async def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    assert "There is no host" in await refused(tmp_path, "https://nobody.invalid/")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert "connection failed" in await refused(tmp_path, f"http://127.0.0.1:{port}/")


async def test_what_the_host_says_of_the_encoding_counts(tmp_path: Path) -> None:
    async with site() as there:
        body = "<html><head><meta charset='utf-8'></head><body><p>Цена: семь евро</p></body></html>".encode("cp1251")
        file = await fetcher(tmp_path).fetch(there.shows("/price", body, "text/html; charset=windows-1251"))
        assert file.path.read_bytes().startswith(b'<meta charset="cp1251">')
        file.drop()

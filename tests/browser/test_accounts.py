"""Accounts in the app: people sign in with a real provider, have things of their own, and are administered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openai import OpenAI
from playwright.sync_api import expect

from tests.browser import identity
from tests.browser.app import PHONE, App, recording
from tests.browser.conftest import Open
from tests.browser.test_people import NARROW, sideways
from tests.server_process import DOCUMENTS, QUESTIONS, ServerProcess

MANUAL = DOCUMENTS / "workshop-safety-manual.pdf"
QUESTION = "Where is the assembly point of the workshop?"


@dataclass(frozen=True)
class People:
    """A server at which people sign in; Ann administers it, and everybody else has to be invited."""

    server: ServerProcess
    provider: int

    @cached_property
    def code(self) -> str:
        """What makes the first administrator."""
        return identity.code_of(self.server)

    def options(self, **others: Any) -> dict[str, Any]:
        return {"friends": (self.provider,), **others}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    data = tmp_path_factory.mktemp("people") / "data"
    with identity.people_server(data, 'allow_subjects = ["ann"]') as (server, provider):
        yield People(server, identity.port_of(provider))


def signed_in(open_app: Open, people: People, login: str, **options: Any) -> App:
    app = open_app(people.server, **people.options(**options))
    identity.sign_in(app.page, login)
    return app


def administer(app: App, code: str) -> None:
    """Become the administrator, unless one is it already."""
    app.page.goto(f"{app.server.http}/account")
    app.page.get_by_role("heading", name="Account", level=2).wait_for()
    app.page.get_by_role("term").first.wait_for()
    claim = app.page.get_by_text("Become the administrator", exact=True)
    if claim.count():
        claim.click()
        app.page.get_by_label("One-time code").fill(code)
        app.page.get_by_role("button", name="Become administrator").click()
        app.page.get_by_role("definition").get_by_text("Administrator").wait_for()


def invite(admin: App, *, email: str = "") -> str:
    """Make an invitation; returns its link."""
    admin.page.goto(f"{admin.server.http}/users")
    admin.page.get_by_role("button", name="Invite somebody").click()
    if email:
        admin.page.get_by_label("E-mail address").fill(email)
    admin.page.get_by_role("button", name="Make the link").click()
    return admin.page.get_by_role("textbox", name="Invitation link").input_value()


def test_from_sign_in_to_a_spoken_answer_to_nothing_left(open_app: Open, people: People, tmp_path: Path) -> None:
    voice = recording(tmp_path / "voice.wav", 1.0, QUESTIONS / "fact-004.wav", 60.0)
    app = open_app(people.server, **people.options(microphone=voice, path="/documents"))
    identity.sign_in(app.page, "ann", "/documents")
    app.page.get_by_role("navigation", name="Account menu").get_by_text("Ann Archer").wait_for()
    app.page.locator("input[type=file]").first.set_input_files(MANUAL)
    documents = app.page.get_by_role("list", name="Documents")
    documents.get_by_text("workshop-safety-manual.pdf").wait_for(timeout=90_000)
    app.go("Talk")
    app.start_talking()
    app.until("speaking", 60)
    answer = app.turn(1)
    answer.get_by_text("flagpole").wait_for()
    answer.get_by_role("list", name="Sources").get_by_text("workshop-safety-manual.pdf, page 13").wait_for()
    app.hush()
    app.remember("/documents")
    assert not [url for url in app.asked if "key" in url.partition("?")[2]]

    app.menu("Sign out")
    # The provider asks whether its own session is to end as well, and leads back.
    app.page.get_by_role("button", name="Yes, sign me out").click()
    app.page.get_by_role("heading", name="Sign in", level=1).wait_for()
    expect(app.page.get_by_role("link", name="Sign in with Harrow Bay")).to_be_visible()
    kept = app.kept()
    assert (kept["local"], kept["session"]) == ({}, {})
    assert [rows for rows in kept["databases"].values() if rows] == []
    assert "vasi-session" not in [cookie["name"] for cookie in app.page.context.cookies(people.server.http)]
    app.page.goto(f"{people.server.http}/documents")
    app.page.get_by_role("heading", name="Sign in", level=1).wait_for()
    expect(documents).to_have_count(0)


def test_an_administrator_invites_and_disables(open_app: Open, people: People) -> None:
    admin = signed_in(open_app, people, "ann")
    administer(admin, people.code)
    stranger = open_app(people.server, **people.options())
    identity.fill_in(stranger.page, "bob")
    stranger.page.get_by_text("This account may not use this server.").wait_for()
    assert stranger.axe() == []

    link = invite(admin)
    assert link.startswith(f"{people.server.http}/sign-in?invitation=")
    assert admin.axe() == []
    admin.page.get_by_role("button", name="Copy").click()
    assert admin.page.evaluate("navigator.clipboard.readText()") == link
    stranger.page.goto(link)
    stranger.page.get_by_text("You are invited to vasi").wait_for()
    identity.sign_in(stranger.page, "bob")
    bob = stranger
    bob.write("Take a note: the gate code is 4711.")
    bob.turn(1).wait_for()

    admin.page.goto(f"{people.server.http}/users")
    users = admin.page.get_by_role("list", name="Users")
    entry = users.get_by_role("listitem").filter(has_text="Bob")
    entry.get_by_role("button", name="Edit Bob").click()
    admin.screenshot("users-edit-desktop-light")
    assert admin.axe() == []
    entry.get_by_label("Disabled").check()
    entry.get_by_role("button", name="Save").click()
    entry.get_by_text("Disabled", exact=True).wait_for()
    bob.page.get_by_text("An administrator has disabled your account.").wait_for(timeout=15_000)
    kept = bob.kept()
    assert (kept["local"], kept["session"]) == ({}, {})
    assert "4711" not in json.dumps(kept["databases"])
    bob.screenshot("sign-in-disabled-desktop-light")
    identity.fill_in(bob.page, "bob")
    bob.page.get_by_text("An administrator has disabled your account.").wait_for()

    admin.menu("Audit log")
    log = admin.page.get_by_role("list", name="Audit log")
    log.get_by_role("listitem").filter(has_text=re.compile("Account changed.*Bob.*disabled")).first.wait_for()
    log.get_by_role("listitem").filter(has_text="Signed in").first.wait_for()
    assert admin.axe() == []


def test_a_key_is_made_used_by_the_openai_sdk_and_removed(open_app: Open, people: People) -> None:
    app = signed_in(open_app, people, "ann")
    app.menu("API keys")
    app.page.get_by_role("button", name="Make a key").click()
    app.page.get_by_label("What it is for").fill("Kitchen speaker")
    app.screenshot("keys-make-desktop-light")
    assert app.axe() == []
    app.page.locator("form").filter(has_text="Valid for").get_by_role("button", name="Make a key").click()
    made = app.page.get_by_role("region", name="The key “Kitchen speaker” is made")
    expect(made).to_be_focused()
    app.screenshot("keys-made-desktop-light")
    assert app.axe() == []
    key = made.get_by_role("textbox", name="The key").input_value()
    address = made.get_by_role("textbox", name="Base URL").input_value()
    made.get_by_role("button", name="Copy").first.click()
    assert app.page.evaluate("navigator.clipboard.readText()") == key

    client = OpenAI(api_key=key, base_url=address)
    assert client.models.list().data
    with client.realtime.connect(model="vasi") as connection:
        connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "What notes do I have?"}]}
        connection.conversation.item.create(item=item)  # pyright: ignore[reportArgumentType]
        connection.response.create()
        kinds = [event.type for event in until_done(connection)]
        assert "response.done" in kinds

    app.page.reload()
    assert key not in app.page.content()
    entry = app.page.get_by_role("list", name="API keys").get_by_role("listitem").filter(has_text="Kitchen speaker")
    for _ in range(20):  # that it was used is written a moment afterwards, and the page shows what it was given
        app.page.wait_for_timeout(500)
        if entry.get_by_text(re.compile("last used")).count():
            break
        app.page.reload()
        entry.wait_for()
    expect(entry.get_by_text(re.compile("last used"))).to_be_visible()
    app.page.once("dialog", lambda dialog: dialog.accept())
    entry.get_by_role("button", name="Remove the key Kitchen speaker").click()
    expect(entry).to_have_count(0)
    with pytest.raises(Exception, match="401"):
        client.models.list()


def until_done(connection: Any) -> Iterator[Any]:
    """The events of a connection up to the end of a response."""
    for event in connection:
        yield event
        if event.type == "response.done":
            return
        assert event.type != "error", event


def test_a_collection_is_shared_and_answers_name_it(open_app: Open, people: People) -> None:
    admin = signed_in(open_app, people, "ann")
    administer(admin, people.code)
    admin.menu("Collections")
    admin.page.get_by_role("button", name="Add a collection").click()
    form = admin.page.locator("form").filter(has_text="For everybody who signs in")
    form.get_by_label("Name").fill("Handbooks")
    assert admin.axe() == []
    form.get_by_role("button", name="Add a collection").click()
    entry = admin.page.get_by_role("list", name="Collections").get_by_role("listitem").filter(has_text="Handbooks")
    entry.get_by_label("Add documents to Handbooks").and_(admin.page.locator("input")).set_input_files(MANUAL)
    entry.get_by_role("button", name="workshop-safety-manual.pdf", exact=True).wait_for(timeout=90_000)
    admin.screenshot("collections-filled-desktop-light")
    assert admin.axe() == []

    link = invite(admin)
    cat = open_app(people.server, **people.options(path=link.removeprefix(people.server.http)))
    identity.sign_in(cat.page, "cat")
    cat.go("Documents")
    shared = cat.page.get_by_role("list", name="Documents").get_by_role("listitem").filter(has_text="workshop-safety")
    shared.get_by_text("Handbooks").wait_for()
    expect(shared.get_by_role("button", name="Remove")).to_have_count(0)
    cat.screenshot("documents-shared-desktop-light")
    assert cat.axe() == []
    cat.go("Talk")
    cat.write(QUESTION)
    cat.turn(1).get_by_text("flagpole").wait_for()
    cat.turn(1).get_by_role("list", name="Sources").get_by_text("page 13 (Handbooks)").wait_for()


def test_everything_is_exported_and_imported_and_the_account_deleted(
    open_app: Open, people: People, tmp_path: Path
) -> None:
    admin = signed_in(open_app, people, "ann")
    administer(admin, people.code)
    link = invite(admin)
    cat = open_app(people.server, **people.options(path=link.removeprefix(people.server.http)))
    identity.sign_in(cat.page, "cat")
    cat.go("Notes")
    cat.page.get_by_role("textbox", name="Write a note").fill("Water the ferns")
    cat.page.get_by_role("button", name="Add note").click()
    cat.page.get_by_role("list", name="Notes").get_by_text("Water the ferns").wait_for()
    cat.menu("Account")
    with cat.page.expect_download() as download:
        cat.page.get_by_role("button", name="Export everything").click()
    cat.page.get_by_text("The export is saved").wait_for()
    taken = tmp_path / "everything.zip"
    download.value.save_as(taken)
    with ZipFile(taken) as archive:
        notes = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".md")]
    assert "Water the ferns" in "".join(notes)

    cat.go("Notes")
    cat.page.get_by_role("list", name="Notes").get_by_role("button", name="Remove").click()
    expect(cat.page.get_by_role("list", name="Notes").get_by_role("listitem")).to_have_count(0)
    cat.menu("Account")
    cat.page.get_by_label("Import a file").and_(cat.page.locator("input")).set_input_files(taken)
    cat.page.get_by_text(re.compile("Imported: .*notes 1")).wait_for()
    assert cat.axe() == []
    cat.go("Notes")
    cat.page.get_by_role("list", name="Notes").get_by_text("Water the ferns").wait_for()

    cat.menu("Account")
    cat.page.get_by_role("button", name="Delete my account …").click()
    confirm = cat.page.get_by_role("button", name="Delete everything")
    cat.page.get_by_label("To confirm").fill("delet")
    expect(confirm).to_be_disabled()
    cat.page.get_by_label("To confirm").fill("delete")
    cat.screenshot("account-delete-desktop-light")
    assert cat.axe() == []
    confirm.click()
    cat.page.get_by_text("Your account and everything in it are deleted.").wait_for()
    kept = cat.kept()
    assert (kept["local"], kept["session"]) == ({}, {})
    assert "ferns" not in json.dumps(kept["databases"])


def test_a_session_of_another_browser_is_signed_out(open_app: Open, people: People) -> None:
    one = signed_in(open_app, people, "ann")
    other = signed_in(open_app, people, "ann")
    other.go("Notes")
    one.menu("Sessions")
    sessions = one.page.get_by_role("list", name="Sessions").get_by_role("listitem")
    sessions.filter(has_text="This browser").wait_for()
    assert one.axe() == []
    one.page.once("dialog", lambda dialog: dialog.accept())
    one.page.get_by_role("button", name="Sign out everywhere").click()
    one.page.get_by_text("You are signed out.").wait_for()
    other.page.get_by_text("Your session has ended.").wait_for(timeout=15_000)
    for app in (one, other):
        kept = app.kept()
        assert (kept["local"], kept["session"]) == ({}, {})


@pytest.mark.parametrize(
    ("layout", "options", "preferences"),
    [
        ("desktop-light", {}, {}),
        ("phone-dark", {"viewport": PHONE, "dark": True}, {}),
        ("narrow-rtl", {"viewport": NARROW}, {"interface": "ar"}),
        ("desktop-contrast", {}, {"theme": "contrast"}),
    ],
)
def test_every_page_of_an_account_is_accessible_and_fits(
    open_app: Open, people: People, layout: str, options: dict[str, Any], preferences: dict[str, str]
) -> None:
    app = signed_in(open_app, people, "ann", **options)
    administer(app, people.code)
    prefer(app, preferences)
    try:
        for path in ("account", "account/keys", "account/sessions", "users", "collections", "audit"):
            with app.page.expect_response(f"**/api/{path}*"):
                app.page.goto(f"{people.server.http}/{path}")
            app.page.locator("main section").locator("li, dd, p.border-dashed").last.wait_for()
            if "interface" in preferences:
                app.page.locator("html[dir=rtl]").wait_for()
            if "theme" in preferences:
                app.page.locator("html[data-theme=contrast]").wait_for()
            assert app.axe() == [], path
            assert sideways(app.page) <= 0, path
            app.screenshot(f"{path.replace('/', '-')}-{layout}")
        menu = app.page.locator("nav").filter(has=app.page.locator("button[aria-expanded]"))
        menu.get_by_role("button").click()
        assert app.axe() == []
        app.screenshot(f"menu-{layout}")
        app.page.keyboard.press("Escape")
        expect(menu.get_by_role("button")).to_be_focused()
        expect(menu.get_by_role("list")).to_have_count(0)
    finally:
        prefer(app, {})


def prefer(app: App, preferences: dict[str, str]) -> None:
    """Have the server keep these settings of whoever is signed in, once the app has told it its own."""
    app.page.evaluate(
        """async (kept) => {
            const present = async () => (await fetch("/api/account/preferences")).text();
            while ((await present()) === "{}") await new Promise((soon) => setTimeout(soon, 100));
            const headers = { "content-type": "application/json" };
            await fetch("/api/account/preferences", { method: "PUT", headers, body: JSON.stringify(kept) });
        }""",
        preferences,
    )

"""Documents, notes and past conversations in the app."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app import PHONE, App, recording
from tests.browser.conftest import Open
from tests.knowledge.pages.site import HANDBOOK, site_in_background
from tests.server_process import QUESTIONS, ROOT, ServerProcess, serving

SHED = "The tool shed opens with the code seven four one nine. The spare key of the shed hangs behind the blue boat."
QUESTION = "Where does the spare key of the shed hang?"


def test_a_document_is_added_answered_from_and_forgotten(open_app: Open, tmp_path: Path) -> None:
    paper = tmp_path / "shed.txt"
    paper.write_text(SHED)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 this is none")
    with serving(tmp_path / "data") as server:
        app = open_app(server)
        app.go("Documents")
        app.page.get_by_text("Nothing has been read yet").wait_for()
        app.page.get_by_label("Add documents").and_(app.page.locator("input")).set_input_files([paper, broken])
        documents = app.page.get_by_role("list", name="Documents")
        documents.get_by_text("shed.txt").wait_for()
        failed = app.page.get_by_role("list", name="Being added").get_by_role("listitem").filter(has_text="broken.pdf")
        failed.get_by_text("Failed").wait_for()
        app.screenshot("documents-adding-desktop-light")

        app.page.get_by_role("searchbox", name="Search the documents").fill("spare key")
        app.page.get_by_role("region", name="Passages found").get_by_text("behind the blue boat").wait_for()

        app.go("Talk")
        app.write(QUESTION)
        app.turn(1).get_by_text("behind the blue boat").wait_for()
        app.turn(1).get_by_role("list", name="Sources").get_by_role("button").click()
        pane = app.page.get_by_role("complementary", name="Source")
        expect(pane.locator("mark")).to_contain_text("blue boat")
        app.screenshot("source-text-desktop-light")
        pane.get_by_role("button", name="Close").click()

        app.go("Documents")
        app.page.on("dialog", lambda dialog: dialog.accept())
        app.page.get_by_role("button", name="Remove shed.txt").click()
        app.page.get_by_text("Nothing has been read yet").wait_for()
        app.go("Talk")
        app.page.get_by_role("button", name="New conversation").or_(
            app.page.get_by_role("button", name="Stop speaking")
        ).first.wait_for()
        app.write(QUESTION)
        expect(app.turn(3)).to_contain_text("documents", timeout=30_000)
        expect(app.turn(3)).not_to_contain_text("boat")


def test_a_web_page_is_added_answered_from_and_read_again(open_app: Open, tmp_path: Path) -> None:
    with (
        site_in_background() as site,
        serving(tmp_path / "data", "--set", "web_pages.private=true") as server,
    ):
        address = site.shows("/boats/rules", HANDBOOK)
        app = open_app(server)
        app.go("Documents")
        opener = app.page.get_by_role("button", name="Add a web page")
        opener.click()
        form = app.page.get_by_role("form", name="Add a web page")
        field = form.get_by_role("textbox", name="Address of the web page")
        expect(field).to_be_focused()
        field.fill(f"{site.address}/none")
        app.page.keyboard.press("Enter")
        form.get_by_role("alert").get_by_text("doesn't exist").wait_for()
        expect(field).to_have_accessible_description(re.compile("doesn't exist"))
        assert app.axe() == []
        app.screenshot("documents-page-refused-desktop-light")

        field.fill(address)
        app.page.keyboard.press("Enter")
        form.wait_for(state="hidden")
        expect(opener).to_be_focused()
        documents = app.page.get_by_role("list", name="Documents")
        link = documents.get_by_role("link", name=address)
        link.wait_for()
        assert (link.get_attribute("href"), link.get_attribute("target")) == (address, "_blank")
        assert "noopener" in (link.get_attribute("rel") or "")
        assert app.axe() == []
        app.screenshot("documents-page-desktop-light")
        ask_about_berths(app, "27")

        site.shows("/boats/rules", HANDBOOK.replace("27 euros", "31 euros"))
        app.go("Documents")
        documents.get_by_role("button", name="again").click()
        job = app.page.get_by_role("list", name="Being added").get_by_role("listitem")
        job.get_by_text("Ready").wait_for()
        ask_about_berths(app, "31")

        site.shows("/boats/rules", "Gone.", status=404)
        app.go("Documents")
        documents.get_by_role("button", name="again").click()
        job.get_by_text("doesn't exist").wait_for()
        link.wait_for()


def ask_about_berths(app: App, price: str) -> None:
    app.go("Talk")
    before = app.turns.count()
    app.write("How much does a guest berth cost a night?")
    expect(app.turn(before + 1)).to_contain_text(f"{price} euros")
    app.until("idle")


def test_a_spoken_note_appears_and_survives_a_restart(open_app: Open, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        # Said twice: a basic recogniser may not catch every word of what a browser's noise filter leaves.
        clips = QUESTIONS / "note-001.wav", QUESTIONS / "note-003.wav"
        voice = recording(tmp_path / "voice.wav", 1.0, clips[0], 12.0, clips[1], 60.0)
        app = open_app(server, microphone=voice)
        app.go("Notes")
        app.page.get_by_text("No notes yet").wait_for()
        app.go("Talk")
        app.start_talking()
        app.go("Notes")
        notes = app.page.get_by_role("list", name="Notes").get_by_role("listitem")
        notes.first.wait_for(timeout=60_000)
        app.go("Talk")
        app.page.get_by_role("button", name="Stop the microphone").click()
        app.go("Notes")
        notes.first.wait_for()
        taken = notes.count()
        text = notes.first.locator("p").inner_text()
        assert len(text) > 10

        app.page.get_by_role("textbox", name="Write a note").fill("Order primer")
        app.page.get_by_role("button", name="Add note").click()
        expect(notes).to_have_count(taken + 1)
        notes.filter(has_text="Order primer").get_by_role("button", name="Edit").click()
        app.page.get_by_role("textbox", name="Text of the note").fill("Order grey primer")
        app.page.get_by_role("textbox", name="Tags").fill("paint boat")
        app.page.get_by_role("button", name="Save").click()
        notes.filter(has_text="#paint").wait_for()
        notes.filter(has_text="grey primer").get_by_role("button", name="Pin").click()
        expect(notes.first).to_contain_text("Order grey primer")
        app.screenshot("notes-filled-desktop-light")
        assert app.axe() == []

        notes.filter(has_text=text).get_by_role("button", name="From a conversation").click()
        turn = app.page.locator("[aria-current=true]")
        expect(turn).to_be_focused()
        app.screenshot("conversation-turn-desktop-light")
        assert app.axe() == []
        app.page.go_back()

        notes.filter(has_text=text).get_by_role("button", name="Remove").click()
        expect(notes).to_have_count(taken)
        app.page.get_by_role("button", name="Undo").click()
        expect(notes).to_have_count(taken + 1)
    with serving(data) as again:
        later = open_app(again, viewport=PHONE)
        later.go("Notes")
        kept = later.page.get_by_role("list", name="Notes")
        kept.get_by_text(text).wait_for()
        kept.get_by_text("Order grey primer").wait_for()
        later.screenshot("notes-filled-phone-light")

        # What was read is still there when nothing else is.
        later.remember("/notes")
        later.page.context.set_offline(True)
        later.page.reload()
        kept.get_by_text("Order grey primer").wait_for()
        later.page.get_by_text("This is what was read last").wait_for()


def test_a_conversation_is_found_renamed_gone_on_with_and_removed(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.write("Where is the assembly point of the workshop?")
    app.turn(1).get_by_text("flagpole").wait_for()
    app.until("speaking")
    app.until("idle")
    app.page.reload()
    app.page.get_by_role("button", name="Go on with the last conversation").wait_for()

    app.go("Conversations")
    entries = app.page.get_by_role("list", name="Conversations").get_by_role("listitem")
    entry = entries.filter(has_text="assembly point").first
    entry.get_by_role("button", name="Rename").click()
    app.page.get_by_role("textbox", name="Title").fill("Fire drill")
    app.page.get_by_role("button", name="Save").click()
    named = entries.filter(has=app.page.get_by_role("heading", name="Fire drill"))
    named.wait_for()
    app.page.get_by_role("searchbox", name="Search the conversations").fill("assembly point")
    named.wait_for()
    app.screenshot("conversations-filled-desktop-light")
    named.get_by_role("button", name="Fire drill").click()
    said = app.page.locator("main").get_by_role("list", name="Conversation").get_by_role("listitem")
    app.page.get_by_role("heading", name="Fire drill", level=2).wait_for()
    answer = said.filter(has_text="flagpole")
    app.screenshot("conversation-read-desktop-light")
    assert app.axe() == []
    with app.page.expect_download() as download:
        app.page.locator("section").filter(has=app.page.get_by_role("heading", name="Fire drill")).get_by_role(
            "button", name="JSON"
        ).click()
    kept = json.loads(download.value.path().read_text())
    assert [item["role"] for item in kept["items"] if item["type"] == "message"] == ["user", "assistant"]
    answer.get_by_role("button", name="workshop-safety-manual.pdf, page 13").click()
    pane = app.page.get_by_role("complementary", name="Source")
    pane.get_by_text("Page 13 of").wait_for()
    app.page.keyboard.press("Escape")
    pane.wait_for(state="hidden")

    app.remember("/conversations/")
    app.page.context.set_offline(True)
    app.page.reload()
    answer.wait_for()
    app.page.get_by_text("This is what was read last").wait_for()
    app.page.context.set_offline(False)
    app.page.reload()

    app.page.get_by_role("button", name="Go on with it").click()
    expect(app.turn(0)).to_contain_text("assembly point")
    expect(app.turn(1)).to_contain_text("flagpole")
    app.write("When is the fire drill held?")
    app.page.get_by_text("March").last.wait_for()

    app.go("Conversations")
    named.wait_for()
    before = entries.count()
    named.get_by_role("button", name="Remove").click()
    expect(entries).to_have_count(before - 1)


def test_a_source_may_be_closed_while_it_is_being_opened(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.write("Where is the assembly point of the workshop?")
    source = app.turn(1).get_by_role("button", name="workshop-safety-manual.pdf, page 13").first
    source.wait_for()
    app.until("speaking")
    app.until("idle")
    pane = app.page.get_by_role("complementary", name="Source")
    for known in ("Page 13 of", re.compile("Page 13 of [0-9]")) * 4:
        source.click()
        pane.get_by_text(known).wait_for()
        app.page.keyboard.press("Escape")
        pane.wait_for(state="hidden")
    source.click()
    expect(pane.locator("p.sr-only")).to_contain_text("flagpole")  # what was drawn, for those who can't see it


def test_what_is_not_there_shows_what_comes_nearest(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.write("Who is the mayor of Harrow Bay?")
    nearest = app.turn(1).get_by_role("region", name="Nearest in your documents")
    nearest.wait_for()
    expect(app.turn(1).get_by_role("list", name="Sources")).to_have_count(0)
    app.until("idle")
    assert app.axe() == []
    app.screenshot("nearest-desktop-light")
    card = nearest.get_by_role("button").first
    place, excerpt = (card.locator("> span").nth(number).inner_text() for number in (0, 1))
    card.focus()
    app.page.keyboard.press("Enter")
    pane = app.page.get_by_role("complementary", name="Source")
    document, _, page = place.partition(", page ")
    expect(pane).to_contain_text(document)
    if page:
        pane.get_by_text(f"Page {page} of").wait_for()
    expect(pane).to_contain_text(" ".join(excerpt.split()[:3]))

    app.page.keyboard.press("Escape")
    app.write("Where is the assembly point of the workshop?")
    app.turn(3).get_by_text("flagpole").wait_for()
    app.until("idle")
    expect(app.turn(3).get_by_role("region", name="Nearest in your documents")).to_have_count(0)


def test_every_screen_on_a_phone(open_app: Open, server: ServerProcess) -> None:
    for dark in (False, True):
        app = open_app(server, viewport=PHONE, dark=dark)
        for screen in ("Talk", "Documents", "Notes", "Conversations", "Settings"):
            app.go(screen)
            app.screenshot(f"{screen.lower()}-phone-{'dark' if dark else 'light'}")
            sideways = app.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert sideways <= 0, screen


def test_the_inspector_shows_and_saves_what_went_over_the_wire(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    import subprocess
    import sys

    app = open_app(server)
    app.write("Where is the assembly point of the workshop?")
    app.turn(1).get_by_text("flagpole").wait_for()
    app.page.get_by_role("button", name="Stop speaking").click()
    app.go("Settings")
    app.page.get_by_text("Under the hood").click()
    app.page.get_by_text("From the end of the question to the first sound").wait_for()
    app.page.get_by_role("searchbox", name="Filter by type").fill("response.done")
    app.page.get_by_role("list", name="Events").get_by_text("response.done").first.wait_for()
    app.screenshot("inspector-desktop-light")
    with app.page.expect_download() as download:
        app.page.get_by_role("button", name="JSONL").click()
    trace = tmp_path / "trace.jsonl"
    download.value.save_as(trace)
    command = [str(Path(sys.executable).with_name("vasi")), "replay", "--fast", "--url", server.ws, str(trace)]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert "flagpole" in replayed.stdout, replayed.stderr

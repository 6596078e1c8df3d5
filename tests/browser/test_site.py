"""The site in Chromium: stepped through served and from a disk, with every other address blocked, by keyboard and mouse."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from autograd_lab import cli
from tests import sites
from tests.browser.axe import violations
from tests.browser.servers import OUTSIDE

pytestmark = pytest.mark.browser

WORDS = {
    "en": ("Autograd stepper", "Forward against reverse", "Next step", "Step {} of 6", "Forward accumulation"),
    "ko": ("자동 미분 스테퍼", "순방향과 역방향 비교", "다음 단계", "{} / 6 단계", "순방향 누적"),
}
SERVED = ["served", "from a disk"]
PAGES = ["index.html", "en/01_first.html", "ko/02_second.html", "reference/autograd_lab.html"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    sites.course(folder / "course")
    assert cli.main(["site", str(folder / "site"), "--notebooks", str(folder / "course")]) == 0
    return folder / "site"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_arguments):
        pass


def serve(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def address(site):
    server = serve(site)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(contexts, site, address):
    """Opens a page of the site; whatever it asks of elsewhere, and whatever it complains about, fails the test."""
    complaints = []

    def open_page(place, how="served", size=(1280, 1500), **options):
        context = contexts(**options)
        page = context.new_page()
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        if how == "served":
            context.route(OUTSIDE, lambda route: route.abort())
            page.goto(f"{address}/{place}")
        else:
            context.set_offline(True)
            page.goto((site / place.partition("#")[0]).as_uri())
        return page

    yield open_page
    assert complaints == []


def region(page, name):
    found = page.get_by_role("region", name=name, exact=True)
    found.scroll_into_view_if_needed()
    return found


@pytest.mark.parametrize("how", SERVED)
@pytest.mark.parametrize("language", WORDS)
def test_a_stepper_plays_without_a_kernel(opened, language, how):
    name, _, following, progress, forward = WORDS[language]
    page = opened(f"{language}/02_second.html", how)
    stepper = region(page, name)
    expect(stepper.locator(".step-count")).to_have_text(progress.format(1))
    stepper.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper.locator(".step-count")).to_have_text(progress.format(2))
    assert stepper.locator("[data-edge][aria-current=step]").get_attribute("data-edge") == "w3->w5"
    stepper.get_by_role("button", name=following).click()
    expect(stepper.locator(".step-count")).to_have_text(progress.format(3))
    stepper.get_by_role("radio", name=forward).check()
    expect(stepper.locator(".step-count")).to_have_text(progress.format(1))


@pytest.mark.parametrize("how", SERVED)
@pytest.mark.parametrize("language", WORDS)
def test_a_comparison_plays_without_a_kernel(opened, language, how):
    page = opened(f"{language}/02_second.html", how)
    comparison = region(page, WORDS[language][1])
    comparison.focus()
    page.keyboard.press("End")
    expect(comparison.locator(".known")).to_have_count(4)
    assert comparison.get_by_role("status").inner_text()


def test_steppers_of_one_page_go_their_own_ways(opened):
    page = opened("en/01_first.html#step=3")
    first, second = region(page, "Autograd stepper"), region(page, "Autograd stepper 2")
    expect(first.locator(".step-count")).to_have_text("Step 1 of 6")  # whatever the address says
    expect(second.locator(".step-count")).to_have_text("Step 4 of 6")
    second.focus()
    page.keyboard.press("End")
    expect(second.locator(".step-count")).to_have_text("Step 6 of 6")
    expect(first.locator(".step-count")).to_have_text("Step 1 of 6")
    first.get_by_role("radio", name="Reverse accumulation").check()
    expect(second.get_by_role("radio", name="Reverse accumulation")).to_be_checked()


def test_what_is_far_away_is_drawn_when_it_comes_near(opened):
    page = opened("en/01_first.html", size=(900, 300))
    drawn = page.locator("[data-drawn]")
    assert 0 < drawn.count() < 4
    page.keyboard.press("End")
    expect(page.locator("[data-plays]").last).to_have_attribute("data-drawn", "")


def test_the_room_that_is_kept_for_a_stepper_is_about_what_it_takes(opened):
    page = opened("en/01_first.html", size=(1100, 700))
    page.keyboard.press("End")
    expect(page.locator("[data-drawn]")).to_have_count(4)
    for place in page.locator("[data-plays]").all():
        kept = float(place.evaluate("place => place.style.getPropertyValue('--room')").removesuffix("px"))
        assert kept == pytest.approx(place.bounding_box()["height"], rel=0.15)


def test_a_link_of_the_index_leads_to_the_lesson_and_on_to_the_next(opened):
    page = opened("index.html", "from a disk")
    page.get_by_role("link", name="Second", exact=True).click()
    expect(page.locator("h1")).to_have_text("Second")
    page.get_by_role("link", name="한국어").click()
    expect(page.locator("h1")).to_have_text("두 번째")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_role("link", name="전체 수업").click()
    expect(page.locator("#ko h2")).to_be_visible()


def test_the_first_tab_leads_past_the_navigation(opened):
    page = opened("en/02_second.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PAGES)
def test_axe_finds_nothing(opened, place, scheme):
    page = opened(place, color_scheme=scheme)
    for mark in page.locator("[data-plays]").all():
        mark.scroll_into_view_if_needed()
        expect(mark).to_have_attribute("data-drawn", "")
    assert violations(page, check={"color-contrast", "region", "heading-order", "html-has-lang"}) == []


@pytest.mark.parametrize("width", [480, 320])
@pytest.mark.parametrize("place", PAGES)
def test_a_narrow_page_is_not_scrolled_sideways(opened, place, width):
    page = opened(place, size=(width, 800))
    for mark in page.locator("[data-plays]").all():
        mark.scroll_into_view_if_needed()
        expect(mark).to_have_attribute("data-drawn", "")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator("pre:visible, .wide:visible").all():
        if box.evaluate("box => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === 'auto'"):
            assert box.get_attribute("tabindex") == "0"


@pytest.mark.parametrize("language", WORDS)
def test_without_scripts_there_are_pictures_and_transcripts(opened, language):
    page = opened(f"{language}/02_second.html", java_script_enabled=False)
    assert page.locator("[data-plays] svg").count() == 2
    for transcript in page.locator(".transcript").all():
        expect(transcript).to_be_visible()


def test_where_the_script_does_not_come_there_are_pictures_and_transcripts(contexts, address):
    context = contexts()
    context.route(re.compile(r"stepper\.js$"), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{address}/en/02_second.html")
    expect(page.locator(".transcript").first).to_be_visible()


def test_paper_has_the_picture_and_every_step_as_text(opened):
    page = opened("en/02_second.html")
    expect(page.locator("[data-drawn]")).to_have_count(2)
    page.emulate_media(media="print")
    for still in page.locator(".still").all():
        expect(still).to_be_visible()
    expect(page.locator(".transcript").first).to_contain_text("Result:")
    expect(page.get_by_role("region", name="Autograd stepper")).to_be_hidden()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The site of all notebooks, served."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    assert cli.main(["site", str(folder)]) == 0
    server = serve(folder)
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_every_stepper_of_every_lesson_plays(whole, contexts, artifacts):
    folder, address = whole
    complaints = []
    played = 0
    for path in sorted(folder.glob("??/*.html")):
        context = contexts()
        context.route(OUTSIDE, lambda route: route.abort())
        page = context.new_page()
        page.on("pageerror", lambda error, path=path: complaints.append(f"{path.name}: {error}"))
        page.on("console", lambda message, path=path: complaints.append(f"{path.name}: {message.text}"))
        page.goto(f"{address}/{path.relative_to(folder).as_posix()}")
        assert "\\" not in "".join(page.locator("math").all_text_contents())
        for place in page.locator("[data-plays]").all():
            place.scroll_into_view_if_needed()
            expect(place).to_have_attribute("data-drawn", "")
            stepper = place.get_by_role("region")
            before = stepper.get_by_role("status").inner_text()
            stepper.focus()
            page.keyboard.press("End")
            page.keyboard.press("Home")
            page.keyboard.press("ArrowRight")
            if stepper.get_by_role("slider").get_attribute("max") not in ("0", "1"):
                expect(stepper.get_by_role("status")).not_to_have_text(before)
            played += 1
        page.screenshot(path=artifacts / f"site_{path.parent.name}_{path.stem}.png")
        context.close()
    assert complaints == []
    assert played > 0


@pytest.mark.slow
def test_every_link_of_the_whole_site_leads_somewhere(whole):
    folder, _address = whole
    from tests.test_site import Page

    for path in [folder / "index.html", *folder.glob("??/**/*.html")]:
        for _tag, attributes in Page(path).elements:
            address = attributes.get("href", attributes.get("src", ""))
            if address and not re.match(r"[a-z]+:|#", address):
                assert (path.parent / address.partition("#")[0]).resolve().is_file(), (path, address)

"""Clicks through a running installation as a person would, and keeps what it looked like."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Request, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb")
WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
SMALLEST_TARGET = 24
_LOW_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (c) => c <= 10 ? c / 3294 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim());
    if (!own || !element.checkVisibility() || element.closest(".vh, .skip, svg")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(numbers(style.color)), light(behind(element))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) found.push(element.textContent.trim().slice(0, 40));
  }
  return found;
}"""
_SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 100);
})"""
_SMALL_TARGETS = """(least) => [
  ...document.querySelectorAll("nav a, button, .tabs a, .pager a, .tag a, summary, .back a")
].filter((e) => {
  const { width, height } = e.getBoundingClientRect();
  return e.checkVisibility() && (height < least || width < least);
}).map((e) => e.outerHTML.slice(0, 80))"""
_NOTHINGS = ("NaN", "None", "undefined", "Infinity")


class Complaints:
    """What a browser had to complain about: errors in the console, failed, refused or foreign requests."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.lines: list[str] = []
        self.expected_404 = False
        self._base = base_url
        page.on("console", lambda message: self._say(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: self._say(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)
        page.on("response", lambda got: self._say(f"{got.status}: {got.url}") if got.status >= 400 else None)

    def _say(self, line: str) -> None:
        if not (self.expected_404 and "404" in line):
            self.lines.append(line)

    def _failed(self, request: Request) -> None:
        """A request that leaving the page has cut short is no failure."""
        if "ERR_ABORTED" not in (request.failure or ""):
            self._say(f"failed: {request.url} {request.failure}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._base, "data:", "blob:")):
            self._say(f"request to elsewhere: {request.url}")


def walk(page: Page, base_url: str, folder: Path) -> list[Path]:
    """Visit every page at both widths and in both themes, use what can be used, assert that nothing is amiss.

    Works on any running installation, whatever its data. Returns the screenshots, written to `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    complaints = Complaints(page, base_url)
    shots = look(page, base_url, "/", "board", folder)
    _switch_theme(page, base_url)
    _page_through(page, base_url)
    _refreshes_in_place(page, base_url)
    tag = _follow_tag(page, base_url)
    if tag:
        shots += look(page, base_url, tag, "hashtag", folder)
    shots += look(page, base_url, "/words", "words", folder)
    _decide(page, base_url)
    shots += _read_docs(page, base_url, folder)
    _lose_the_way(page, base_url, complaints)
    assert not complaints.lines, "\n".join(complaints.lines)
    return shots


def look(page: Page, base_url: str, path: str, name: str, folder: Path) -> list[Path]:
    """Keep the page at every width and theme; nothing may overflow, shift, or be hard to read or to hit."""
    shots = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(base_url + path)
            page.wait_for_load_state("load")
            where = f"{path} at {width} px, {scheme}"
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{where}: {overflow} px too wide"
            assert page.evaluate(_LOW_CONTRAST) == [], f"{where}: hard to read"
            assert page.evaluate(_SHIFTS) < 0.05, f"{where}: the layout shifts"
            assert page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET) == [], f"{where}: hard to hit"
            text = page.inner_text("body")
            assert not any(word in text for word in _NOTHINGS), f"{where}: a bare nothing"
            shots.append(folder / f"{name}-{width}-{scheme}.png")
            page.screenshot(path=shots[-1], full_page=True)
    return shots


def _switch_theme(page: Page, base_url: str) -> None:
    """The button changes the theme, and a reload remembers it."""
    page.emulate_media(color_scheme="light")
    page.goto(base_url)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after, "the theme button does nothing"
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after, "the theme is not remembered"
    page.evaluate("localStorage.removeItem('theme')")


def _page_through(page: Page, base_url: str) -> None:
    """Older calls and back, and every view of the track record, with the keyboard and in place."""
    page.goto(base_url)
    for view in ("all", "alerts", "open", "first"):
        page.click(f"#view-{view}")
        expect(page.locator(f"#view-{view}")).to_have_attribute("aria-current", "true")
    if page.locator("#older").count():
        first = page.inner_text("#track .pager")
        page.locator("#older").press("Enter")
        expect(page.locator("#track .pager")).not_to_have_text(first)
        page.locator("#newer").press("Enter")
        expect(page.locator("#track .pager")).to_have_text(first)


def _refreshes_in_place(page: Page, base_url: str) -> None:
    """Sections come again by themselves; what is being read stays where it is on the screen, and so does the focus."""
    page.goto(base_url)
    page.evaluate("document.getElementById('view-all').focus({preventScroll: true})")
    page.evaluate("document.getElementById('track').scrollIntoView({behavior: 'instant'})")
    place = "document.getElementById('view-all').getBoundingClientRect().top"
    before = page.evaluate(place)
    with page.expect_response(lambda got: "/partials/picks" in got.url, timeout=20_000):
        pass
    page.wait_for_timeout(200)
    assert abs(page.evaluate(place) - before) <= 2, "a refresh moved what was being read"
    assert page.evaluate("document.activeElement.id") == "view-all", "a refresh took the focus"


def _follow_tag(page: Page, base_url: str) -> str | None:
    """From the first pick to its page; None when there is no pick yet."""
    page.goto(base_url)
    link = page.locator(".pick .tag a").first
    if link.count() == 0:
        return None
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    return str(page.evaluate("location.pathname"))


def _decide(page: Page, base_url: str) -> None:
    """Accept a text with the keyboard and edit another: both in place, and both still there after a reload."""
    page.goto(base_url + "/words")
    if page.locator("article.text").count() < 2:
        return
    page.evaluate("window.stayed = true")
    first, second = (page.locator("article.text").nth(place) for place in (0, 1))
    first.locator("button[value=ACCEPT]").press("Enter")
    expect(first.locator(".chip")).to_have_text("accepted by a person")
    assert page.evaluate("document.activeElement.value") == "ACCEPT", "a decision took the focus"
    second.locator("summary").press("Enter")
    second.locator("textarea").fill("Said by somebody.")
    second.locator("input[name=reason]").fill("shorter")
    second.locator("button[value=EDIT]").click()
    expect(second.locator(".bullets")).to_have_text("Said by somebody.")
    assert page.evaluate("window.stayed"), "a decision loaded the page again"
    page.reload()
    expect(second.locator(".bullets")).to_have_text("Said by somebody.")
    expect(first.locator(".chip")).to_have_text("accepted by a person")


def _read_docs(page: Page, base_url: str, folder: Path) -> list[Path]:
    """The documentation lists the interface and lets it be tried."""
    shots = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(base_url + "/docs")
        page.locator(".opblock-summary-path", has_text="predictions").first.click()
        expect(page.locator(".opblock.is-open .parameters").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"/docs too wide at {width} px"
        shots.append(folder / f"docs-{width}.png")
        page.screenshot(path=shots[-1])
    return shots


def _lose_the_way(page: Page, base_url: str, complaints: Complaints) -> None:
    """What is not there is said in words, with a way back."""
    complaints.expected_404 = True
    page.goto(base_url + "/hashtags/nobody-ever-used-this")
    expect(page.locator("h1")).to_have_text("Not Found")
    page.locator("main a").click()
    expect(page.locator("#picks-title")).to_be_visible()
    complaints.expected_404 = False


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that is closed afterwards."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start the machine's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), **options)

"""Measures the dashboard's page in a real browser: `python evals/bench/bench_page.py DIR`, for example a corpus.

Each row is from the input event of a key to the frame in which the hits for what was typed are on screen, the pause
that the page waits for the next key included. DIR is read, never written to.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from surefoot.dashboard.page_files import page_files

SEED = 7  # the same questions on every run
KEY_MS = 45  # between two keys of somebody who types fast
TARGET_MS = 200
PAUSE_MS = 400  # since the box was emptied; the page looks at once for what is then pasted
TOKEN = "a-token-of-this-measurement-0123456789"
WORDS = ("where is", "how does", "who calls", "limit of", "error in", "test for", "default of")
# From the input event to the first frame after the hits stand in the document; a task after it runs when it is painted.
WATCH = """() => {
  window.typed = 0;
  addEventListener("input", event => { window.typed = event.timeStamp; }, true);
  window.painted = query => new Promise(resolve => {
    const look = () => {
      const found = document.querySelector("[data-testid=found], [data-testid=no-match]");
      if (found && (found.dataset.query === query || found.dataset.testid === "no-match")) {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - window.typed)));
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}"""


def main() -> None:
    """Serve the folder, type, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as cache, served(options.folder, Path(cache)) as address:
        questions = questions_about(address, options.questions)
        rows = measure(address, questions, options.chromium)
    print(f"{'what':<52}{'median':>10}{'p95':>10}{'max':>10}   n")
    for name, milliseconds in rows:
        ordered = sorted(milliseconds)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        middle = statistics.median(ordered)
        print(f"{name:<52}{middle:>8.1f}ms{p95:>8.1f}ms{ordered[-1]:>8.1f}ms {len(ordered):>3}")
    files = {name: path.read_bytes() for name, path in page_files().items()}
    zipped = sum(len(gzip.compress(content)) for content in files.values())
    print(f"the page: {len(files)} files, {sum(map(len, files.values())):,} bytes, {zipped:,} gzipped")
    within = [value for name, values in rows if name.startswith("key") for value in values]
    print(f"within {TARGET_MS} ms: {sum(value < TARGET_MS for value in within)} of {len(within)}")


@contextmanager
def served(folder: Path, cache: Path) -> Iterator[str]:
    """The address of the real server, as soon as everything is indexed."""
    own = {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "SUREFOOT_DASHBOARD_TOKEN": TOKEN}
    command = [sys.executable, "-m", "surefoot", "dashboard", "--no-browser", "--root", str(folder)]
    process = subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        while get(address, "/api/status")["indexing"]:
            pass
        yield address
    finally:
        process.terminate()
        process.wait()


def get(address: str, path: str) -> dict[str, list[dict[str, str]]]:
    """Ask the server without the page."""
    base = address.partition("/#")[0]
    reply: dict[str, list[dict[str, str]]] = httpx.get(
        base + path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
    ).json()
    return reply


def questions_about(address: str, count: int) -> list[str]:
    """Words and names of the code: what somebody types into a search box."""
    chance = random.Random(SEED)
    replies = [get(address, f"/api/symbols?text={letter}&limit=50") for letter in "abcdefghijklmnopqrstuvwxyz"]
    found = {row["name"] for reply in replies for row in reply["symbols"]}
    names = chance.sample(sorted(found), min(count, len(found)))
    asked = [f"{chance.choice(WORDS)} {name.rpartition('.')[2]}" for name in names]
    return [asked[index] if index % 2 else name for index, name in enumerate(names)]


def measure(address: str, questions: Sequence[str], chromium: str) -> list[tuple[str, list[float]]]:
    """Type each question into the box."""
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        loads = [load(page, address) for _ in range(5)]
        page.evaluate(WATCH)
        last = [typed(page, question, len(question)) for question in questions]
        whole = [typed(page, question, 0) for question in questions]
        browser.close()
    return [
        ("page opened to a box that can be typed into", loads),
        ("key to hits, typed character by character", last),
        ("key to hits, pasted as a whole", whole),
    ]


def load(page: Page, address: str) -> float:
    """From the navigation to the focused box."""
    page.goto("about:blank")
    page.goto(address)
    page.locator("#question:focus").wait_for()
    return float(page.evaluate("performance.now()"))


def typed(page: Page, question: str, keys: int) -> float:
    """Write a question, the last `keys` characters of it by key, and wait for its hits."""
    box = page.get_by_test_id("question")
    box.fill("")
    page.get_by_test_id("found").wait_for(state="detached")
    page.wait_for_timeout(PAUSE_MS)
    if keys:
        box.press_sequentially(question, delay=KEY_MS)
    else:
        box.fill(question)
    return float(page.evaluate("query => window.painted(query)", question.strip()))


if __name__ == "__main__":
    main()

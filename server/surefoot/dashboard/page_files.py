"""The files of the page, which are part of the package.

Invariant: only what lies in the folder `page` by exactly the name that was asked for is served; no link is followed.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
INDEX = "index.html"
# Not from the system's own table: on some machines that calls a script plain text, and browsers then refuse it.
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


def page_files(folder: Path = FOLDER) -> dict[str, Path]:
    """Every file that may be served, by its name relative to the folder. A dozen, so that they are listed each time."""
    return {
        path.relative_to(folder).as_posix(): path
        for above, _, names in os.walk(folder, followlinks=False)
        for path in (Path(above) / name for name in names)
        if path.suffix in MEDIA_TYPES and path.is_file() and not path.is_symlink()
    }


def media_type(name: str) -> str:
    """What a browser is told that a file is."""
    return MEDIA_TYPES[Path(name).suffix]

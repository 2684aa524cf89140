"""Small PDFs, written by hand: pages of lines, an outline, and the ways in which a PDF can be of no use."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(pages: Sequence[Sequence[str]], outline: Sequence[tuple[str, int]] = (), *, extra: bytes = b"") -> bytes:
    """A PDF with these lines on its pages; `outline` has titles with the pages that they lead to, from 1."""
    count = len(pages)
    first_page, first_item = 4, 4 + 2 * count
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(count))
    outlines = f"/Outlines {first_item} 0 R" if outline else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {outlines} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        content = _content(lines) + extra
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first_page + 2 * number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects += _outline(outline, first_item, first_page)
    return _file(objects)


def _content(lines: Sequence[str]) -> bytes:
    shown = "\n".join(f"({_escaped(line)}) Tj T*" for line in lines)
    return f"BT /F1 12 Tf 14 TL 72 780 Td\n{shown}\nET".encode("latin-1", "replace") if lines else b""


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _outline(outline: Sequence[tuple[str, int]], first: int, first_page: int) -> list[bytes]:
    if not outline:
        return []
    last = first + len(outline)
    items = [f"<< /Type /Outlines /First {first + 1} 0 R /Last {last} 0 R /Count {len(outline)} >>".encode()]
    for place, (title, page) in enumerate(outline, 1):
        links = f"/Next {first + place + 1} 0 R" if place < len(outline) else ""
        links += f" /Prev {first + place - 1} 0 R" if place > 1 else ""
        target = f"/Dest [{first_page + 2 * (page - 1)} 0 R /Fit]"
        items.append(f"<< /Title ({_escaped(title)}) /Parent {first} 0 R {links} {target} >>".encode("latin-1"))
    return items


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)

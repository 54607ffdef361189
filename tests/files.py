"""Files of every kind that may be attached, as small as they come."""

import struct
import zipfile
import zlib
from io import BytesIO

OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet.main+xml"),
}


def png(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * (width + 1) * height)
    chunks = (b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(width: int = 1, height: int = 1) -> bytes:
    """The segments of a picture; nothing here looks at its pixels."""
    application = b"\xff\xe0" + struct.pack(">H", 7) + b"JFIF\x00"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\x2a\xff\x00"
    return b"\xff\xd8" + application + frame + scan + b"\xff\xd9"


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def office(kind: str, *, types: str | None = None, **parts: bytes) -> bytes:
    """A docx or xlsx. `parts` are further ones: `__` stands for a slash, `_` for a dot."""
    name, content_type = PARTS[kind]
    types = types or f'<Override PartName="/{name}" ContentType="{content_type}"/>'
    listed = f'<?xml version="1.0"?><Types xmlns="t">{types}</Types>'
    further = {key.replace("__", "/").replace("_", "."): part for key, part in parts.items()}
    return zipped({"[Content_Types].xml": listed.encode(), name: b"<x/>"} | further)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


SAMPLES = {
    "照片.jpg": (jpeg(), "image/jpeg"),
    "photo.JPEG": (jpeg(), "image/jpeg"),
    "截图.png": (png(), "image/png"),
    "证明.pdf": (pdf(), "application/pdf"),
    "说明.docx": (office("docx"), OFFICE + "wordprocessingml.document"),
    "清单.xlsx": (office("xlsx"), OFFICE + "spreadsheetml.sheet"),
}

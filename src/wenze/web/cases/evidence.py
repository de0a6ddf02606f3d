"""The bytes of evidence: looked at before they are let in, kept encrypted under their hash, checked whenever they are read.

Hides formats, encryption and places on disk. Knows no case, no user and no database; never trusts a name or a header
that a browser sent. Bytes are never changed and never opened for anybody: they leave as they came.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import puremagic
from django.conf import settings
from PIL import Image, UnidentifiedImageError

from wenze.law import Bilingual
from wenze.ledger import write_whole
from wenze.web.sealing import Broken, seal, unseal

_CHUNK = 1 << 20


class NotLetIn(ValueError):
    """Bytes that are no acceptable evidence file; `said` says why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.said = Bilingual(zh, en)
        super().__init__(en)


class Altered(Exception):
    """What lies under a hash is not what was put there, or is gone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let in: bytes as sent, bytes once unpacked, pixels of all frames, pages."""

    size: int = 64 * 1024 * 1024
    unpacked: int = 512 * 1024 * 1024
    pixels: int = 200_000_000
    pages: int = 5_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What was let in. `digest` is SHA-256 in hexadecimal; `media_type` follows from the content alone."""

    digest: str
    media_type: str
    size: int


# --- what is let in ---------------------------------------------------------------------------------------------------


def look(content: bytes, limits: Limits | None = None) -> Kept:
    """What the bytes are. NotLetIn where they are nothing that is accepted, damaged, or larger than allowed."""
    limits = limits or Limits()
    if not content:
        raise NotLetIn("文件是空的。请重新选择文件。", "The file is empty. Choose the file again.")
    if len(content) > limits.size:
        raise _too_large("文件", "The file", limits.size)
    media_type = _media_type(content)
    examine = _EXAMINE.get(media_type)
    if examine:
        examine(content, limits)
    return Kept(hashlib.sha256(content).hexdigest(), media_type, len(content))


# Sound and pictures in motion are not decoded here, so nothing in them can be unpacked.
_SOUND_AND_FILM = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".amr": "audio/amr",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
}
_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "WEBP": "image/webp", "BMP": "image/bmp"}
_IMAGE_EXTENSIONS = frozenset({".png", ".jpg", ".tiff", ".webp", ".bmp"})
_PACKED = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_PDF, _TEXT = "application/pdf", "text/plain"


def _media_type(content: bytes) -> str:
    extensions = _extensions(content)
    if ".pdf" in extensions:
        return _PDF
    if content.startswith(b"PK\x03\x04"):
        return _packed_type(content)
    image = _image_type(content)
    if image:
        return image
    if _IMAGE_EXTENSIONS.intersection(extensions[:1]):
        raise _damaged("图片", "The image")
    for extension in extensions:
        if extension in _SOUND_AND_FILM:
            return _SOUND_AND_FILM[extension]
    if not extensions and _is_text(content):
        return _TEXT
    raise NotLetIn(
        "这种文件不能作为证据材料收入:可以收 PDF、图片(PNG、JPEG、TIFF、WebP、BMP)、Word、Excel、PowerPoint、"
        "OpenDocument、纯文本、录音和录像。其他文件请先转换为 PDF。",
        "This kind of file is not accepted. Accepted are PDF, images (PNG, JPEG, TIFF, WebP, BMP), Word, Excel, "
        "PowerPoint, OpenDocument, plain text, sound and film. Convert anything else to PDF first.",
    )


def _extensions(content: bytes) -> tuple[str, ...]:
    """What the first bytes say, the surest first; nothing where they say nothing."""
    try:
        return tuple(match.extension for match in puremagic.magic_string(content))
    except (puremagic.PureError, ValueError):
        return ()


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(char.isprintable() or char in "\r\n\t\f\u3000" for char in text)
    return False


def _image_type(content: bytes) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the pixels are counted below, against our own limit
            with Image.open(io.BytesIO(content), formats=list(_IMAGES)) as image:
                return _IMAGES[str(image.format)]
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:  # said by the header alone
        raise _too_many_pixels(Limits().pixels) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged("图片", "The image") from error


def _packed_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            for name, media_type in _PACKED.items():
                if name in names:
                    return media_type
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                said = archive.read("mimetype").decode("ascii", "replace")
                if said.startswith(_OPEN_DOCUMENT):
                    return said
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _damaged("压缩的文件", "The packed file") from error
    raise NotLetIn(
        "压缩包不能作为证据材料收入:请把其中的文件逐个上传,各自写明来源和取得经过。",
        "An archive is not accepted: upload the files in it one by one, each with its source and how it was obtained.",
    )


def _examine_packed(content: bytes, limits: Limits) -> None:
    """Unpacks everything into nothing, as far as the limit: what a header claims is not believed."""
    left = limits.unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                with archive.open(info) as member:
                    while chunk := member.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _too_large("文件解开以后", "The file, once unpacked,", limits.unpacked)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise _damaged("文件", "The file") from error


def _examine_image(content: bytes, limits: Limits) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                frames = int(getattr(image, "n_frames", 1))
                pixels = 0
                for frame in range(frames):
                    image.seek(frame)
                    pixels += image.width * image.height
                    if pixels > limits.pixels:
                        raise _too_many_pixels(limits.pixels)
            with Image.open(io.BytesIO(content)) as image:
                image.verify()
    except NotLetIn:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _damaged("图片", "The image") from error


def _examine_pdf(content: bytes, limits: Limits) -> None:
    left = limits.unpacked
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > limits.pages:
                raise NotLetIn(
                    f"PDF 超过 {limits.pages:,} 页。请分册上传。",
                    f"The PDF has more than {limits.pages:,} pages. Upload it in volumes.",
                )
            for raw in _flate_streams(pdf):
                left -= _inflated(raw, left)
                if left < 0:
                    raise _too_large("PDF 解开以后", "The PDF, once unpacked,", limits.unpacked)
    except pikepdf.PasswordError as error:
        raise NotLetIn(
            "PDF 有密码,以后谁也打不开。请先去掉密码。", "The PDF has a password. Remove the password first."
        ) from error
    except pikepdf.PdfError as error:
        raise _damaged("PDF", "The PDF") from error


def _flate_streams(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and "/FlateDecode" in str(each.get("/Filter", "")):
            yield each.read_raw_bytes()


def _inflated(raw: bytes, most: int) -> int:
    """How many bytes a stream unpacks to, counted no further than just beyond `most`."""
    unpacking, count = zlib.decompressobj(), 0
    try:
        while raw and count <= most:
            count += len(unpacking.decompress(raw, _CHUNK))
            raw = unpacking.unconsumed_tail
    except zlib.error:
        return count  # a damaged stream unpacks to nothing more
    return count


_EXAMINE: dict[str, Callable[[bytes, Limits], None]] = {
    _PDF: _examine_pdf,
    **dict.fromkeys(_IMAGES.values(), _examine_image),
    **dict.fromkeys(_PACKED.values(), _examine_packed),
    **{_OPEN_DOCUMENT + kind: _examine_packed for kind in ("text", "spreadsheet", "presentation", "graphics")},
}


def _damaged(zh: str, en: str) -> NotLetIn:
    return NotLetIn(
        f"{zh}损坏,读不出来。请重新导出或者重新扫描后再上传。",
        f"{en} is damaged and cannot be read. Export or scan it again, then upload it.",
    )


def _too_many_pixels(limit: int) -> NotLetIn:
    return NotLetIn(
        f"图片超过 {limit:,} 像素。请缩小,或者分页上传。",
        f"The image has more than {limit:,} pixels. Make it smaller, or upload it in parts.",
    )


def _too_large(zh: str, en: str, limit: int) -> NotLetIn:
    megabytes = max(1, limit // (1024 * 1024))
    return NotLetIn(
        f"{zh}超过 {megabytes} MB。请分成几份上传。", f"{en} has more than {megabytes} MB. Upload it in parts."
    )


# --- where it is kept -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of sealed files. The same bytes are kept once; a file moved under another name does not open."""

    folder: Path
    limits: Limits = Limits()

    def keep(self, content: bytes) -> Kept:
        """Lets bytes in and keeps them. NotLetIn. What is there already is checked, and written again if it fails.

        To be called before the row that names the hash is written: bytes that get none are swept up later.
        """
        kept = look(content, self.limits)
        path = self._path(kept.digest)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.utime(path)  # let in anew: `sweep` leaves it
            self.read(kept.digest)
        except Altered:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, seal(content, _context(kept.digest)))
        return kept

    def read(self, digest: str) -> bytes:
        """The bytes kept under a hash. Altered where they are gone or not the same to the last bit."""
        try:
            content = unseal(self._path(digest).read_bytes(), _context(digest))
        except FileNotFoundError as error:
            raise Altered(f"{digest}: the file is gone") from error
        except Broken as error:
            raise Altered(f"{digest}: {error}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Altered(f"{digest}: the file holds something else")
        return content

    def sweep(self, named: Collection[str], *, before: float) -> int:
        """Removes what no row names and nobody wrote since `before` (seconds of the epoch): of uploads refused, or killed half way.

        Gives how many. A day or more must lie between, so that whoever lets in a file has long written the row.
        """
        return sum(self._removed(path, before) for path in sorted(self.folder.glob("??/*")) if path.name not in named)

    def _removed(self, path: Path, before: float) -> bool:
        """Set aside first: who lets in the same bytes at this moment either made them young before, or writes them again."""
        aside = path.with_name(f".swept.{path.name}")
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                os.replace(path, aside)
                if aside.stat().st_mtime < before:
                    aside.unlink()
                    return True
                os.replace(aside, path)
        return False

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or digest.strip("0123456789abcdef"):
            raise Altered(f"{digest[:80]!r} is no hash")
        return self.folder / digest[:2] / digest


def _context(digest: str) -> str:
    return f"evidence {digest}"


def store() -> Store:
    """The store of this installation, among its data; the key lies elsewhere."""
    return Store(settings.SITE.data / "evidence")

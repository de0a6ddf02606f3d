"""Promise 17: keys lie outside the data; what is uploaded is looked at, limited, sealed under its hash and served as it came."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from staff import logged_in
from web.cases.visitor import Visitor, forms_are_seen, refusal  # noqa: F401 -- a fixture
from web.cases.world import Desk, opened, prefecture
from wenze.web.cases import evidence
from wenze.web.cases.models import EvidenceFile
from wenze.web.site import Site, SiteProblem

TOLD = {"title": "材料", "form": "书证", "source": "调取", "obtained": "2026-01-20", "obtained_by": "两名承办人"}


def sent(desk: Desk, content: bytes, name: str = "a.txt", kind: str = "text/plain") -> str:
    """What the form says to a file that is let in ("") or not."""
    file = SimpleUploadedFile(name, content, kind)
    where = f"/cases/{desk.case.reference}/admit"
    answer = Visitor(desk.world, "handler").fill(where, on=desk.on.isoformat(), file=file, **TOLD)
    assert answer.status_code in (302, 422)
    return "" if answer.status_code == 302 else " ".join(map(str, refusal(answer.content.decode())))


@pytest.mark.parametrize("keys", ["data", "data/keys", "."])
def test_keys_never_lie_among_the_data_nor_the_data_among_the_keys(tmp_path: Path, keys: str) -> None:
    with pytest.raises(SiteProblem, match="WENZE_KEYS"):
        Site(tmp_path / "data", tmp_path / keys).begin()
    assert not settings.SITE.keys.is_relative_to(settings.SITE.data)


def test_the_bytes_decide_what_a_file_is_not_its_name_or_what_the_browser_says(database: str) -> None:
    desk = opened(prefecture())
    page = "会议记录 <script>alert(1)</script>".encode()
    assert "不能" in sent(desk, b"<html><script>alert(1)</script></html>", "会议.txt", "text/plain")
    assert "不能" in sent(desk, b"MZ\x90\x00" + b"\0" * 200, "scan.pdf", "application/pdf")
    assert "不能" in sent(desk, b"\x7fELF\x02\x01\x01" + b"\0" * 200, "photo.png", "image/png")
    assert sent(desk, page, "../../<b>\n会议.pdf" + "长" * 300, "application/pdf") == ""
    file = EvidenceFile.objects.get(case=desk.case)
    assert file.media_type == "text/plain"
    answer = logged_in(desk.world.users["handler"]).get(f"/cases/{desk.case.reference}/evidence/{file.evidence}")
    assert answer.content == page
    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="{desk.case.reference}-E1.txt"'
    assert "<b>" not in Visitor(desk.world, "handler").see(f"/cases/{desk.case.reference}/facts")


def test_a_file_that_unpacks_into_too_much_is_refused_in_a_sentence_and_leaves_nothing(database: str) -> None:
    desk = opened(prefecture())
    before, kept = desk.seen, set(evidence.store().folder.glob("??/*"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b"")
        with archive.open("word/media.bin", "w", force_zip64=True) as member:
            for _ in range(513):
                member.write(bytes(2**20))
    picture = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(picture, "PNG")
    assert "超过 512 MB" in sent(desk, packed.getvalue(), "a.docx")
    assert "像素" in sent(desk, picture.getvalue(), "a.png")
    assert "空" in sent(desk, b"", "a.txt")
    assert desk.seen == before and set(evidence.store().folder.glob("??/*")) == kept


def test_more_than_is_taken_is_refused_before_it_is_read(database: str) -> None:
    desk = opened(prefecture())
    client = logged_in(desk.world.users["handler"])
    said = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(71 * 2**20)}
    answer = client.generic("POST", f"/cases/{desk.case.reference}/admit", b"--x--", **said)
    assert answer.status_code == 413 and "70 MB" in answer.content.decode()


def test_on_the_disk_nothing_can_be_read_and_a_changed_byte_is_detected(database: str) -> None:
    desk = opened(prefecture())
    words = f"会议记录载明没有评估 {database}".encode()
    assert sent(desk, words) == ""
    file = EvidenceFile.objects.get(case=desk.case)
    (path,) = evidence.store().folder.glob(f"??/{file.digest}")
    sealed = path.read_bytes()
    assert words not in sealed and path.stat().st_mode & 0o077 == 0
    client = logged_in(desk.world.users["handler"])
    where = f"/cases/{desk.case.reference}/evidence/E1"
    try:
        for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[: len(sealed) // 2], b""):
            path.write_bytes(damaged)
            assert client.get(where).status_code == 409
        path.unlink()
        assert client.get(where).status_code == 409
    finally:
        path.write_bytes(sealed)
    assert client.get(where).content == words

"""The bytes of evidence: what is let in, and that a changed byte is found. Through `keep` and `read`, on a real disk."""

from __future__ import annotations

import io
import wave
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wenze.web.cases.evidence import Altered, Limits, NotLetIn, Store, look

SMALL = Limits(size=200_000, unpacked=1_000_000, pixels=10_000, pages=3)


def pdf(pages: int = 1, stream: bytes = b"") -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    if stream:
        held = pikepdf.Stream(made, b"")
        held.write(zlib.compress(stream, 9), filter=pikepdf.Name.FlateDecode)
        made.Root.Held = made.make_indirect(held)
    made.save(out)
    return out.getvalue()


def image(form: str, side: int = 10) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(out, form)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(b"\0" * 1000)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence", SMALL)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("TIFF"), "image/tiff"),
        (sound(), "audio/wav"),
        ("会议记录\n第一项".encode(), "text/plain"),
        ("会议记录\r\n第一项".encode("gb18030"), "text/plain"),
        (
            packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<w/>"}),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_the_type_follows_from_the_content(content: bytes, media_type: str, store: Store) -> None:
    kept = store.keep(content)
    assert (kept.media_type, kept.size) == (media_type, len(content))
    assert store.read(kept.digest) == content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"MZ" + bytes(300), "kind"),
        (b"<!DOCTYPE html><html><script>1</script></html>", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
        (packed({"a.txt": b"x"}), "archive"),
        (b"%PDF-1.7\n" + bytes(300), "damaged"),
        (image("PNG")[:40], "damaged"),
        (pdf(pages=4), "pages"),
        (image("PNG", side=101), "pixels"),
        (pdf(stream=bytes(1_000_001)), "unpacked"),
        (packed({"word/document.xml": bytes(1_000_001)}), "unpacked"),
        (bytes(200_001), "MB"),
        ("会议\x00记录".encode(), "kind"),
    ],
)
def test_what_is_no_evidence_file_is_refused_with_a_sentence_in_both_languages(
    content: bytes, why: str, store: Store
) -> None:
    with pytest.raises(NotLetIn) as refused:
        store.keep(content)
    assert why in refused.value.said.en
    assert refused.value.said.zh.endswith("。")
    assert not any(path.is_file() for path in store.folder.rglob("*"))


def test_a_claimed_size_is_not_believed(store: Store) -> None:
    honest = packed({"word/document.xml": bytes(1_000_001)})
    size = (1_000_001).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(NotLetIn):
        store.keep(lying)


def test_the_same_bytes_are_kept_once_and_no_file_shows_them(store: Store) -> None:
    content = "一次谈话的记录".encode()
    first, again = store.keep(content), store.keep(content)
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert first == again
    assert [path.name for path in files] == [first.digest]
    assert content not in files[0].read_bytes()


@settings(max_examples=30, deadline=None)
@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_changed_bit_is_found_when_it_is_read(place: int, bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bits")
    store = Store(folder)
    kept = store.keep(b"as it was")
    path = folder / kept.digest[:2] / kept.digest
    raw = bytearray(path.read_bytes())
    raw[place % len(raw)] ^= 1 << bit
    path.write_bytes(raw)
    with pytest.raises(Altered):
        store.read(kept.digest)


def test_a_file_that_is_gone_cut_short_or_exchanged_is_found(store: Store) -> None:
    one, other = store.keep(b"one"), store.keep(b"other")
    path, elsewhere = (store.folder / each.digest[:2] / each.digest for each in (one, other))
    path.write_bytes(elsewhere.read_bytes())
    with pytest.raises(Altered):
        store.read(one.digest)
    path.write_bytes(elsewhere.read_bytes()[:20])
    with pytest.raises(Altered):
        store.read(one.digest)
    path.unlink()
    with pytest.raises(Altered):
        store.read(one.digest)
    assert store.keep(b"one") == one  # handed in again, it is whole again
    assert store.read(one.digest) == b"one"


def test_another_key_opens_nothing(store: Store) -> None:
    kept = store.keep(b"sealed")
    with override_settings(SEALING_KEY="00" * 32), pytest.raises(Altered):
        store.read(kept.digest)
    assert store.read(kept.digest) == b"sealed"


def test_no_name_leads_out_of_the_folder(store: Store) -> None:
    for name in ("../evidence.key", "a" * 63, "A" * 64, ""):
        with pytest.raises(Altered):
            store.read(name)


def test_looking_keeps_nothing(store: Store) -> None:
    assert look(b"only looked at", SMALL).digest == store.keep(b"only looked at").digest

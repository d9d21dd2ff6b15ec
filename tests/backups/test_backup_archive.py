"""The file of a backup is complete and as it was written, or it is refused before anything is restored."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.archive import MANIFEST, BackupArchive, BadArchive, Manifest, Writer, is_safe

ROWS = b'[1,"one"]\n[2,"two"]\n'
PICTURE = bytes(range(256)) * 40


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.backup"
    write(path)
    return path


def write(path: Path, media: str = "media/pictures/0a.png") -> None:
    writer = Writer(path)
    table = writer.add("tables/a.model.jsonl", [ROWS])
    table = type(table)(table.name, table.size, table.sha256, "a.model", ["id", "name"], 2)
    picture = writer.add(media, [PICTURE[:100], PICTURE[100:]], compress=False)
    writer.finish(Manifest("2026-11-25T10:00:00+00:00", ["a.0001"], [table], [picture]))


def verify(path: Path) -> Manifest:
    with BackupArchive(path) as archive:
        archive.verify()
        return archive.manifest


def rewritten(path: Path, change) -> Path:
    """Return an archive with its members changed by `change`, a function of a dictionary of their bytes, and with
    correct checksums of the ZIP.
    """
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)
    return path


def test_what_was_written_reads_back(archive):
    manifest = verify(archive)
    assert manifest.rows == 2 and [file.name for file in manifest.media] == ["media/pictures/0a.png"]
    with BackupArchive(archive) as opened:
        assert list(opened.lines(manifest.tables[0])) == [[1, "one"], [2, "two"]]
        assert b"".join(opened.pieces(manifest.media[0])) == PICTURE


@pytest.mark.parametrize("left", [0.0, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_what_was_cut_short_is_refused(archive, left):
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * left)])
    with pytest.raises(BadArchive):
        verify(archive)


def test_one_byte_that_has_changed_is_found_wherever_it_is(archive):
    """Every byte that a restore would read is changed, a few at a time."""
    data = archive.read_bytes()
    sound = verify(archive)
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 0x41
        archive.write_bytes(changed)
        try:
            found = verify(archive)
        except BadArchive:
            continue
        assert found == sound, "what the ZIP itself does not use may differ"


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.update({"tables/a.model.jsonl": ROWS.replace(b"two", b"six")}),
        lambda members: members.update({"media/pictures/0a.png": PICTURE[::-1]}),
        lambda members: members.update({"media/pictures/more.png": b"more"}),
        lambda members: members.pop("media/pictures/0a.png"),
        lambda members: members.pop(MANIFEST),
        lambda members: members.update({MANIFEST: b"no manifest"}),
        lambda members: members.update({MANIFEST: b"[]"}),
        lambda members: members.update({MANIFEST: members[MANIFEST].replace(b'"format": 1', b'"format": 2')}),
        lambda members: members.update({MANIFEST: members[MANIFEST].replace(b"a.model.jsonl", b"../model.jsonl")}),
    ],
    ids=["rows", "picture", "one more", "one less", "none", "no JSON", "no object", "format", "table's name"],
)
def test_what_somebody_changed_with_sound_checksums_is_refused(archive, change):
    with pytest.raises(BadArchive):
        verify(rewritten(archive, change))


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/etc/passwd", "pictures/../../evil", "a//b", ".hidden", "pictures/.git/x", "c:\\x", "a\nb", ""],
)
def test_a_name_that_leads_elsewhere_is_refused_although_its_digest_is_right(tmp_path, name):
    path = tmp_path / "a.backup"
    write(path, f"media/{name}")
    with pytest.raises(BadArchive):
        verify(path)


@given(st.text(max_size=40))
def test_no_safe_name_leads_out_of_its_folder(name):
    if is_safe(name):
        assert Path("/media", name).resolve().is_relative_to("/media") and not name.startswith(("/", "."))


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "a.backup"
    path.write_text("no archive")
    with pytest.raises(BadArchive, match="not a backup"):
        verify(path)


def test_the_digest_speaks_of_every_part(archive):
    before = verify(archive).digest

    def change(members: dict[str, bytes]) -> None:
        rows = ROWS.replace(b"two", b"six")
        members["tables/a.model.jsonl"] = rows
        manifest = json.loads(members[MANIFEST])
        manifest["tables"][0]["sha256"] = hashlib.sha256(rows).hexdigest()
        members[MANIFEST] = json.dumps(manifest).encode()

    assert verify(rewritten(archive, change)).digest != before


def test_nothing_is_written_over(archive):
    with pytest.raises(FileExistsError):
        Writer(archive)

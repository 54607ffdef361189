"""The file store: whole files, unguessable names, nothing outside its folder."""

import stat

import pytest

from services.gateways.file_store import FileMissing, FileStore


@pytest.fixture
def files(tmp_path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_what_is_put_is_opened_again(files):
    key = files.put(b"content")
    with files.open(key) as file:
        assert file.read() == b"content"


def test_equal_files_have_unequal_unguessable_names(files):
    keys = {files.put(b"same") for _ in range(20)}
    assert len(keys) == 20
    assert {len(key) for key in keys} == {48}


def test_only_the_owner_reads_the_folder_and_nothing_half_written_stays(files):
    files.put(b"content")
    [path] = [each for each in files.root.rglob("*") if each.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.root.stat().st_mode) == 0o700
    assert not list(files.root.rglob("*.part"))


def test_a_write_that_fails_leaves_nothing(files):
    with pytest.raises(TypeError):
        files.put("not bytes")
    assert not [each for each in files.root.rglob("*") if each.is_file()]


def test_removed_files_are_gone_and_removing_repeats(files):
    key = files.put(b"content")
    files.remove(key)
    files.remove(key)
    with pytest.raises(FileMissing):
        files.open(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 47, "g" * 48, "a" * 48 + "/.."])
def test_nothing_but_a_key_is_looked_up(files, key):
    for use in (files.open, files.remove):
        with pytest.raises(ValueError, match="not a key"):
            use(key)

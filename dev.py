"""What a developer does with a clone, with nothing but Python 3.11 or newer: `./dev run`, `./dev test`, `./dev check`, ...

Only the standard library is used here. Everything else is installed into `.venv` from files locked with hashes.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CORE, DEVELOPMENT, INSTALLER = "requirements.txt", "requirements-dev.txt", "requirements-uv.txt"
USAGE = """\
./dev run [--port N]   the demonstration, at http://127.0.0.1:8000
./dev test [...]       the tests; further words go to pytest
./dev check            style, types, import contracts, missing migrations, generated documents, tests
./dev fix              sort imports, format, and correct what can be corrected
./dev browser [...]    only the tests that drive a real browser
./dev bench            the benchmarks
./dev lock             renew the files that lock dependencies
./dev docs             write the generated reference
"""


class Stop(Exception):
    """One sentence, and exit code 2."""


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):
        raise Stop(f"Holdfast needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    commands = {"run": run, "test": test, "check": check, "fix": fix, "browser": browser, "bench": bench, "lock": lock, "docs": docs}
    if not words or words[0] not in commands:
        print(USAGE, end="")
        return 0 if words[:1] in (["-h"], ["--help"], ["help"]) else 2
    return commands[words[0]](words[1:])


def run(words: list[str]) -> int:
    install(CORE)
    holdfast = BIN / "holdfast"
    if os.name == "nt":
        return call(str(holdfast), "demo", *words)
    sys.stdout.flush()
    return os.execv(str(holdfast), [str(holdfast), "demo", *words])  # so that Ctrl-C and SIGTERM reach it directly


def test(words: list[str]) -> int:
    install(DEVELOPMENT)
    return python("-m", "pytest", *spread(words), *words)


def spread(words: list[str]) -> list[str]:
    """One process a processor when everything runs; a file, a folder or a choice of one's own runs as it is said."""
    chosen = any(not word.startswith("-") or word.startswith(("-n", "-k", "-m", "--pdb", "--lf")) for word in words)
    return [] if chosen else ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]


def browser(words: list[str]) -> int:
    return test(["-m", "browser", *words])


def check(words: list[str]) -> int:
    """Everything, even after something failed; the exit code is that of the first failure."""
    install(DEVELOPMENT)
    steps = {
        "style": ("-m", "ruff", "check", "."),
        "format": ("-m", "ruff", "format", "--check", "."),
        "types": ("-m", "mypy"),
        "import contracts": ("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"),
        "missing migrations": (
            "-W",
            "ignore::RuntimeWarning",
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
            "--settings",
            "holdfast.project.settings",
        ),
        "generated documents": ("-m", "holdfast.cli.reference", "--check"),
        "tests": ("-m", "pytest", *spread(words), *words),
    }
    results = {}
    for name, arguments in steps.items():
        print(f"\n== {name}", flush=True)
        results[name] = python(*arguments)
    print()
    for name, code in results.items():
        print(f"{'ok  ' if code == 0 else 'FAIL'}  {name}")
    return next((code for code in results.values() if code), 0)


def fix(words: list[str]) -> int:
    install(DEVELOPMENT)
    return python("-m", "ruff", "check", "--fix", "--quiet", *(words or ["."])) | python("-m", "ruff", "format", *(words or ["."]))


def bench(words: list[str]) -> int:
    install(DEVELOPMENT)
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in {"__init__", "open", "large_programme"})
    return max((python("-m", f"benchmarks.{name}", *words) for name in names), default=0)


def docs(words: list[str]) -> int:
    install(DEVELOPMENT)
    return python("-m", "holdfast.cli.reference", *words)


def lock(words: list[str]) -> int:
    """Resolve again for every platform and Python, from the public index: a mirror may hold only some of the files. `--upgrade` renews versions."""
    make_environment()
    uv = install_uv()
    if uv is None:
        raise Stop("uv could not be installed, and only uv resolves for every platform: see the message above.")
    universal = ["pip", "compile", "--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links"]
    universal += ["--custom-compile-command", "./dev lock", "--quiet", *words]
    code = 0
    for target, sources in {CORE: ["--extra", "build"], DEVELOPMENT: ["--extra", "build", "--extra", "dev"]}.items():
        code |= call(str(uv), *universal, *sources, "pyproject.toml", "--output-file", target)
    uv_only = subprocess.run([str(uv), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    pinned = subprocess.run([str(uv), *universal, "-", "--output-file", INSTALLER], input=f"uv=={uv_only}\n", text=True, cwd=ROOT, check=False)
    return code | pinned.returncode


def install(lock_file: str) -> None:
    """Make `.venv` hold what a lock file says, and this clone; nothing happens when it does already."""
    stamp = VENV / f".{lock_file}.stamp"
    wanted = fingerprint(lock_file)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    make_environment()
    print(f"Installing from {lock_file} into {VENV} …", flush=True)
    uv = install_uv()
    if uv is None or not install_with([str(uv), "pip"], lock_file, env=uv_environment()):
        print("uv could not install it; pip does, more slowly.", flush=True)
        if not install_with([str(PYTHON), "-m", "pip"], lock_file, env=None):
            raise Stop("The packages could not be installed: see pip's message above (is the network reachable?).")
    stamp.write_text(wanted)
    if lock_file == DEVELOPMENT:
        (VENV / f".{CORE}.stamp").write_text(fingerprint(CORE))


def install_with(installer: list[str], lock_file: str, env: dict[str, str] | None) -> bool:
    """Packages by hash, then this clone itself, built by the locked build tool with nothing downloaded."""
    quiet = [*installer, "install", "--quiet"]
    if call(*quiet, "--require-hashes", "--requirement", lock_file, env=env) != 0:
        return False
    return call(*quiet, "--no-deps", "--no-build-isolation", "--editable", str(ROOT), env=env) == 0


def fingerprint(lock_file: str) -> str:
    parts = [(ROOT / lock_file).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        return
    print(f"Making {VENV} …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)  # half made, or made by a Python that is gone
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        hint = "is the folder writable" if isinstance(error, OSError) else "on Debian and Ubuntu, install python3-venv first"
        raise Stop(f"The virtual environment {VENV} could not be made ({hint}): {error}") from error


def install_uv() -> Path | None:
    """uv, locked like everything else; None when it cannot be had, and pip must do."""
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    locked = ROOT / INSTALLER
    if not uv.exists():
        source = ["--require-hashes", "--requirement", str(locked)] if locked.exists() else ["uv"]
        call(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *source)
    return uv if uv.exists() else None


def uv_environment() -> dict[str, str]:
    """uv does not read pip's configuration; whoever set pip to a mirror means uv too. Hashes decide what is accepted."""
    asked = [str(PYTHON), "-m", "pip", "config", "list"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    settings = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    pip = {name.split(".", 1)[-1].strip(":").removeprefix("env:."): value.strip("'\"") for name, value in settings.items()}
    names = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS", "cert": "SSL_CERT_FILE"}
    given = {names[name]: value.replace("\\n", " ") for name, value in pip.items() if name in names}
    ours = {"VIRTUAL_ENV": str(VENV), "UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy"}
    return {**given, **os.environ, **ours}


def python(*arguments: str) -> int:
    return call(str(PYTHON), *arguments)


def call(*command: str, env: dict[str, str] | None = None) -> int:
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit((print(stop, file=sys.stderr), 2)[1])
    except KeyboardInterrupt:
        sys.exit(130)

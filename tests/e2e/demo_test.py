#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The README's commands, as they stand there: `./dev help` knows each, and the headless demo is run
to its end: what it prints, how it ends, and that it leaves nothing running. (`./dev test` is what
runs this; `./dev fresh` runs both in a clean root.)"""
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ["readings_sent", "readings_stored", "duplicates", "alerts_raised", "alerts_routed",
        "p50_ms", "p99_ms"]


def leftovers(marker):
    """Processes whose command line names the demo's folder."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in command and "demo_test.py" not in command:
            found.append(command)
    return found


def readme_commands():
    """Every ./dev line of the README, in code blocks and in the text, without comments."""
    text = (ROOT / "README.md").read_text()
    found = re.findall(r"^(\./dev [^#\n]*)|`(\./dev [^`]+)`", text, re.M)
    return {(block or inline).strip() for block, inline in found}


def main():
    commands = readme_commands()
    known = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
    for command in commands:
        assert " ".join(command.split()[:2]) in known, f"the README has {command}, the help has not"
    headless, = (c for c in commands if "--headless" in c)
    done = subprocess.run(shlex.split(headless), cwd=ROOT, capture_output=True, text=True,
                          timeout=220, stdin=subprocess.DEVNULL)
    sys.stderr.write(done.stderr[-6000:])
    lines = done.stdout.splitlines()
    print("\n".join(lines))
    assert done.returncode == 0, f"exit {done.returncode}"
    assert len(lines) == 1, "one JSON line on standard output and nothing else"
    figures = json.loads(lines[0])
    assert list(figures) == KEYS, figures
    assert figures["readings_sent"] == figures["readings_stored"] > 150, figures
    assert figures["duplicates"] == 0, figures
    assert figures["alerts_raised"] == figures["alerts_routed"] > 3, figures
    assert 0 < figures["p50_ms"] <= figures["p99_ms"], figures
    assert not leftovers("vardnav-demo-"), leftovers("vardnav-demo-")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Every rule of this folder's README names tests, and they exist."""
import pathlib
import re
import sys

folder = pathlib.Path(__file__).resolve().parent
tests, last = set(), None
for file in folder.glob("*_test.cpp"):
    for suite, name in re.findall(r"^TEST(?:_F)?\((\w+),\s*(\w+)\)", file.read_text(), re.M):
        # A suite's fixture may be written with or without its ending.
        tests |= {f"{suite}.{name}", f"{suite}.*", f"?.{name}"}
faults, rules = [], 0
for row in (folder / "README.md").read_text().splitlines():
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    if not row.startswith("|") or cells[0] in ("What BlueZ does", "---"):
        continue
    rules += 1
    named = re.findall(r"`([^`]+)`", cells[2])
    if not named:
        faults.append(f"no test: {cells[0]}")
    for name in named:
        if (name if "." in name else f"?.{name}") not in tests:
            faults.append(f"no such test: {name}")
print("\n".join(faults) or f"{rules} rules are held by tests")
sys.exit(1 if faults or rules < 15 else 0)

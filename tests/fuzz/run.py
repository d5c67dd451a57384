#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""`./dev fuzz`: every fuzz target (or those named) for a while, from its corpus. New inputs stay in
build/fuzz/corpus; what breaks a target is kept in build/fuzz/found and fails the run. Copy it to
tests/fuzz/corpus/NAME when it is mended, so that the ordinary tests replay it."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = ROOT / "tests/fuzz/corpus"


def run(program, build, seconds):
    name = program.name.removesuffix("_fuzz")
    corpus, found = build / "corpus" / name, build / "found" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = [SEEDS / name] if (SEEDS / name).is_dir() else []
    command = [program, corpus, *seeds, f"-max_total_time={seconds}", "-timeout=10",
               "-rss_limit_mb=1024", f"-artifact_prefix={found}/", "-print_final_stats=1"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          errors="replace")
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    (build / "log").mkdir(exist_ok=True)
    (build / "log" / f"{name}.log").write_text(done.stderr)
    return name, done.returncode == 0, int(runs.group(1)) if runs else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    programs = sorted(arguments.build.glob("bin/*_fuzz"))
    if arguments.names:
        wanted = {f"{name}_fuzz" for name in arguments.names}
        if missing := wanted - {program.name for program in programs}:
            sys.exit(f"no target {', '.join(sorted(missing))}")
        programs = [program for program in programs if program.name in wanted]
    broken = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, well, runs in pool.map(
                lambda program: run(program, arguments.build, arguments.seconds), programs):
            print(f"{name:24} {runs:>12} inputs  {'' if well else 'BROKEN'}", flush=True)
            if not well:
                broken.append(name)
    if broken:
        print(f"broken: {', '.join(broken)}; logs in {arguments.build}/log, inputs in "
              f"{arguments.build}/found", file=sys.stderr)
    return 1 if broken or not programs else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the captures of tests/data/ble_vectors.jsonl, and the examples that stand in the tree, into
the corpora of the fuzz targets. Run it again when there are new ones; it removes nothing."""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests/fuzz/corpus"
NAMES = {
    "advert service data 181D": "advert-181D",
    "advert service data 181B": "advert-181B",
    "frame STX..ETX BCC (classic FTD layout)": "vitalograph-classic",
    "frame STX..ETX BCC (BLE lung monitor, 71 bytes)": "vitalograph-monitor",
    "FF02 notify, record E1": "contec",
    "2A24": "2A29", "2A25": "2A29", "2A26": "2A29", "2A27": "2A29", "2A28": "2A29",
}
# Targets without a capture of their own: a valid input by the specification each.
MADE = {
    "2A1D": ["02"], "2A99": ["01000000"], "2A9A": ["01", "FF"], "2AAB": ["A800", "A800" "0AE8"],
    "2A52-wide": ["050070110100", "06000106"], "2A52-request-wide": ["0103012B000000"],
    "elapsed-time": ["2200C6593100000100", "05F40100000000000000"],
}
EXAMPLES = {
    "wire": ["pipelines/wire/examples/*.json"],
    "rule_document": ["rules/templates/*.json"],
    "scenario": ["ble/virtual/scenarios/*.json", "tests/data/scenarios/*.json"],
}


def write(target, name, octets):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(octets)


def main():
    for line in (ROOT / "tests/data/ble_vectors.jsonl").read_text().splitlines():
        capture = json.loads(line)
        target = NAMES.get(capture["characteristic"], capture["characteristic"])
        octets = bytes.fromhex(capture["hex"])
        if capture.get("note", "").startswith("client write") and target == "2A52":
            target = "2A52-request"
        write(target, capture["id"], octets)
        write("decode", capture["id"], capture["characteristic"].encode() + b"\n" + octets)
        if target.startswith("vitalograph-"):
            write("vitalograph-stream", capture["id"], octets)
        if target == "2B8B" and len(octets) > 24:
            # The observation in two segments, each behind its length.
            first, last = bytes([0x01]) + octets[:19], bytes([0x06]) + octets[19:]
            write("segments", capture["id"], bytes([len(first)]) + first + bytes([len(last)]) + last)
    for target, inputs in MADE.items():
        for number, text in enumerate(inputs):
            write(target, f"made-{number}", bytes.fromhex(text))
    for target, patterns in EXAMPLES.items():
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                write(target, path.name, path.read_bytes())


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Takes back what a program had not synced when it was killed, from the notes of crash_point.cpp."""
import contextlib
import errno
import os


def _notes(path):
    data = path.read_bytes() if path.exists() else b""
    place = 0
    while place < len(data):
        end = data.find(b"\n", place)
        if end < 0:
            return  # the last note was cut off: what it announces was not done
        words = data[place:end].split()
        place = end + 1
        length = int(words[1])
        name = os.fsdecode(data[place:place + length])
        place += length
        if words[0] == b"S":
            yield "sync", name, 0, 0, b""
            continue
        offset, size, had = map(int, words[2:5])
        if place + had > len(data):
            return
        yield "write", name, offset, size, data[place:place + had]
        place += had


def unsynced(path):
    """File → its unsynced writes (offset, size before, octets before), oldest first."""
    writes = {}
    for kind, name, offset, size, before in _notes(path):
        if kind == "sync":
            writes.pop(name, None)
        else:
            writes.setdefault(name, []).append((offset, size, before))
    return writes


@contextlib.contextmanager
def _as_far_as_there_is_room():
    """What was cut off a file needs its room again; on a full disk it had reached the disk."""
    try:
        yield
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise


def take_back(notes, folder, rng):
    """As if the power had gone: of each file a chance part of its unsynced writes stays, from the
    first on, the next one perhaps torn. How many were taken back."""
    count = 0
    for name, writes in unsynced(notes).items():
        if not os.path.exists(name):
            continue
        kept = rng.randint(0, len(writes))
        with open(name, "r+b", buffering=0) as file, _as_far_as_there_is_room():
            for index in range(len(writes) - 1, kept - 1, -1):
                offset, size, before = writes[index]
                torn = index == kept and before and rng.random() < 0.5
                start = rng.randrange(len(before)) if torn else 0
                file.seek(offset + start)
                file.write(before[start:])
                if not torn:
                    file.truncate(size)
                count += 1
    for shared in folder.glob("*-shm"):  # memory, gone with the machine
        shared.unlink()
    notes.unlink(missing_ok=True)
    return count

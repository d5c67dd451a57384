#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the table of ARCHITECTURE.md, held against every #include."""
import pathlib
import re
import subprocess
import sys

MODEL = "pipelines/model"
CLOUD = {"pipelines", "rules", "cloud"}  # prefixes: anything of these
HOME = {"hub", "ble", "pipelines", "rules"}

# folder: (folders it may include besides itself, third-party include prefixes)
# A third-party prefix ending in ".cpp" is allowed in .cpp files only.
LAYERS = {
    "pipelines/model": (set(), {"date/.cpp", "sodium.cpp"}),
    "ble/gatt": ({MODEL}, set()),
    "ble/session": ({MODEL, "ble/gatt"}, set()),
    "ble/devices": ({MODEL, "ble/gatt", "ble/session"}, set()),
    "ble/bluez": ({MODEL, "ble/session"}, {"sdbus-c++/"}),
    "ble/virtual": ({MODEL, "ble/gatt"}, {"sdbus-c++/", "nlohmann/.cpp", "CLI/.cpp"}),
    "pipelines/intake": ({MODEL, "ble/gatt"}, set()),
    "rules/document": ({MODEL}, {"nlohmann/.cpp", "nlohmann/json_fwd.hpp"}),
    "rules/speech": ({MODEL, "rules/document"}, set()),
    "rules/engine": ({MODEL, "rules/document", "rules/speech"}, set()),
    "rules/replay": ({MODEL, "rules/document", "rules/speech", "rules/engine"},
                     {"nlohmann/.cpp"}),
    # Its codecs share one private header, reader.h, which no other folder may include.
    "pipelines/wire": ({MODEL}, {"nlohmann/"}),
    "pipelines/forward": ({MODEL, "pipelines/wire"}, set()),
    "pipelines/uplink": ({MODEL, "pipelines/forward"}, {"mqtt/", "MQTT", "openssl/"}),
    "pipelines/sqlite": ({MODEL}, {"sqlite3.h"}),
    "pipelines/settings": ({MODEL}, {"toml++/.cpp"}),
    "hub/core": ({MODEL, "pipelines/intake", "rules", "pipelines/forward"}, set()),
    # A store includes the port headers of its consumers, and nothing else of them.
    "pipelines/store": ({MODEL, "pipelines/sqlite", "hub/core/journal.h", "hub/core/hub_clock.h",
                         "hub/core/in_flight.h", "hub/core/configuration_store.h",
                         "hub/core/capture_archive.h", "hub/core/journal_space.h",
                         "pipelines/forward/outbox.h"}, set()),
    "hub/status": ({MODEL, "pipelines/forward", "pipelines/store", "pipelines/wire"},
                   {"nlohmann/.cpp"}),
    "hub/app": (HOME, {"systemd/", "spdlog/", "nlohmann/.cpp", "CLI/.cpp"}),
    "hub/bonds": ({MODEL}, {"sodium.cpp", "CLI/.cpp"}),
    "hub/bus": ({MODEL, "ble/bluez", "hub/core/home_signal.h"}, {"sdbus-c++/.cpp"}),
    "hub/ctl": (HOME, {"nlohmann/", "CLI/.cpp", "sdbus-c++/.cpp"}),
    "cloud/routing": ({MODEL}, set()),
    "cloud/alerts": ({MODEL, "cloud/routing"}, set()),
    "cloud/core": ({MODEL, "pipelines/wire", "rules", "cloud/routing", "cloud/alerts"}, set()),
    "cloud/registry": ({MODEL, "pipelines/wire", "rules", "cloud/core", "cloud/routing"},
                       {"nlohmann/.cpp"}),
    "cloud/access": ({MODEL}, {"sodium.cpp"}),
    "cloud/store/sql": ({MODEL, "pipelines/sqlite"}, {"libpq-fe.h.cpp"}),
    "cloud/store": ({MODEL, "pipelines/sqlite", "cloud/store/sql", "pipelines/wire", "rules", "cloud/core", "cloud/routing",
                     "cloud/alerts", "cloud/registry", "cloud/access/account_store.h"}, set()),
    "cloud/ingest": (CLOUD, {"mqtt/", "MQTT"}),
    "cloud/api": (CLOUD, {"boost/.cpp", "nlohmann/", "fmt/.cpp", "spdlog/.cpp"}),
    "cloud/app": (CLOUD, {"CLI/.cpp", "spdlog/", "nlohmann/.cpp"}),
}
OURS = {"hub", "ble", "pipelines", "rules", "cloud", "tests"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def is_standard(name):
    system = {"sys/", "unistd.h", "fcntl.h", "netinet/", "arpa/", "netdb.h", "signal.h", "poll.h",
              "dirent.h", "spawn.h"}
    return "/" not in name and "." not in name or any(name.startswith(s) for s in system)


def folder_of(path):
    return max((f for f in LAYERS if path.startswith(f + "/")), key=len, default=None)


def fault_of(source, name):
    folder = folder_of(source)
    may_include, third_party = LAYERS[folder]
    if name.split("/")[0] in OURS:
        target = folder_of(name)
        if target == folder or name in may_include or target in may_include:
            return None
        if name.split("/")[0] in may_include:
            return None
        return f"{folder} may not include {name}"
    for prefix in third_party:
        if prefix.endswith(".cpp"):
            if source.endswith(".cpp") and name.startswith(prefix[:-4]):
                return None
        elif name.startswith(prefix):
            return None
    return f"{folder} may not include <{name}>"


def check(root, sources):
    faults = []
    for source in sources:
        if folder_of(source) is None:
            faults.append(f"{source}: its folder has no row in the table")
            continue
        for bracket, name in INCLUDE.findall((root / source).read_text()):
            if bracket == "<" and is_standard(name):
                continue
            fault = fault_of(source, name)
            if fault:
                faults.append(f"{source}: {fault}")
    return faults


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.h", "*.cpp"],
                            cwd=root, capture_output=True, text=True, check=True).stdout.split()
    sources = [s for s in listed if not s.startswith("tests/") and (root / s).exists()]
    # The check can fail: a forbidden arrow is seen.
    assert fault_of("rules/engine/x.cpp", "ble/gatt/y.h") and fault_of("hub/core/x.h", "spdlog/spdlog.h")
    assert fault_of("rules/document/x.h", "rules/engine/y.h")
    assert fault_of("cloud/core/x.h", "hub/core/y.h") and fault_of("rules/document/x.h", "nlohmann/json.hpp")
    faults = check(root, sources)
    print("\n".join(faults) if faults else f"{len(sources)} files keep to their layers")
    return 1 if faults or len(sources) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())

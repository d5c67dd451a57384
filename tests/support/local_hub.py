# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A hub that stands alone: bindings in a local file, no backend, nobody at its broker's port. What
it collects stays in its outbox."""
import json
import pathlib

from stack import BEGINNING, HUB, PERSON, make_certificates


def write_hub(folder, devices, seen_from=None, state=None):
    """hub.toml and what it names, in `folder`, which the hub sees as `seen_from`."""
    folder = pathlib.Path(folder)
    place = seen_from or folder
    make_certificates(folder / "pki", [HUB])
    (folder / "hub.toml").write_text(
        f'hub = "{HUB}"\nstate = "{state or f"{place}/hub"}"\n'
        f'household = "{place}/household.json"\n'
        '[bluetooth]\nadapter = "hci0"\n[clock]\ntrust = "always"\n'
        f'[mqtt]\nhost = "127.0.0.1"\nport = 8883\nca = "{place}/pki/ca.crt"\n'
        f'certificate = "{place}/pki/{HUB}.crt"\nkey = "{place}/pki/{HUB}.key"\n')
    bindings = [{"device": device, "slot": None, "person": PERSON, "from": BEGINNING,
                 "until": None} for device in devices]
    (folder / "household.json").write_text(json.dumps(
        {"version": 1, "hub": HUB, "serial": 1, "issued_at": BEGINNING, "bindings": bindings,
         "rules": [], "patients": [], "messages": []}))

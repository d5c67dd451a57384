# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What a client of org.bluez gets to see, out of `busctl --json=short monitor`: property types,
the order of replies and signals in each procedure, the names of errors. Values that differ from run
to run (addresses, paths, octets, times) are left out, so that two services can be compared."""
import json
import re

METHODS = {"Pair", "Connect", "Disconnect", "StartNotify", "StopNotify", "WriteValue", "ReadValue",
           "StartDiscovery", "StopDiscovery", "RemoveDevice"}
OF_ONE_OBJECT = {"StartNotify", "StopNotify", "WriteValue", "ReadValue", "StartDiscovery",
                 "StopDiscovery"}
FLAGS = ("Connected", "ServicesResolved", "Paired", "Bonded", "Notifying", "Discovering")
DEVICE = "org.bluez.Device1"
GATT = {"org.bluez.GattService1", "org.bluez.GattCharacteristic1"}
COMPARED = GATT | {DEVICE, "org.bluez.Adapter1"}


def read(file):
    """Messages of a trace, in order; what busctl says about itself is skipped."""
    messages = []
    for line in file.read_text(errors="replace").splitlines():
        if line.startswith("{"):
            try:
                messages.append(json.loads(line))
            except ValueError:
                pass  # the machine ended in the middle of a line
    return messages


def interfaces_of(messages):
    """{interface: {property: type}} of everything that was announced, read or changed."""
    seen = {}

    def note(interface, properties):
        if interface in COMPARED:
            for name, value in properties.items():
                seen.setdefault(interface, {})[name] = value["type"]
    for message in messages:
        kind, data = message["payload"]["type"], message["payload"]["data"]
        if kind == "a{oa{sa{sv}}}":
            for interfaces in data[0].values():
                for interface, properties in interfaces.items():
                    note(interface, properties)
        elif message.get("member") == "InterfacesAdded":
            for interface, properties in data[1].items():
                note(interface, properties)
        elif message.get("member") == "PropertiesChanged":
            note(data[0], data[1])
    return {interface: dict(sorted(properties.items()))
            for interface, properties in sorted(seen.items())}


def _device_of(path):
    found = re.match(r"/org/bluez/hci0(/dev_[0-9A-F_]+)?", path or "")
    return (found.group(1) or "the adapter") if found else "elsewhere"


def _steps(message, call):
    """What one message tells of the procedure that the call began, as words."""
    procedure, path = call["member"], _path_of(message)
    if message["type"] != "signal" or _device_of(path) != _device_of(call["path"]):
        return []
    if procedure in OF_ONE_OBJECT and path != call["path"]:
        return []
    data = message["payload"]["data"]
    if message["member"] == "InterfacesAdded":
        return ["objects"] if GATT & set(data[1]) else []
    if message["member"] != "PropertiesChanged" or data[0] not in COMPARED:
        return []
    wanted = {"StartNotify": ("Notifying",), "StopNotify": ("Notifying",),
              "StartDiscovery": ("Discovering",), "StopDiscovery": ("Discovering",),
              "ReadValue": ("Value",)}.get(procedure, FLAGS[:4])
    said = [f"{name}={str(data[1][name]['data']).lower()}" if name in FLAGS else name
            for name in sorted(data[1]) if name in wanted]
    return [" ".join(said)] if said else []


def _path_of(message):
    if message.get("member") == "InterfacesAdded":
        return message["payload"]["data"][0]
    return message.get("path")


def procedures_of(messages, client):
    """{method: sorted distinct sequences}: from a call of `client` on hci0 until its reply, and on
    to the end of what it sets off (the next call of the same kind of thing, or a quiet second)."""
    found = {}
    for index, message in enumerate(messages):
        if (message["type"] != "method_call" or message.get("sender") != client or
                message.get("member") not in METHODS or
                not message["path"].startswith("/org/bluez/hci0")):
            continue
        sequence = _follow(messages[index + 1:], message, client)
        if sequence is not None:
            found.setdefault(message["member"], set()).add(tuple(sequence))
    return {method: sorted(map(list, sequences)) for method, sequences in sorted(found.items())}


def _follow(rest, call, client):
    device = _device_of(call["path"])
    sequence, is_answered = [], False
    last = call["timestamp-realtime"]
    for message in rest:
        if message["timestamp-realtime"] - last > 1_000_000 and is_answered:
            break
        if message.get("destination") == client and message.get("reply_cookie") == call["cookie"]:
            is_answered = True
            last = message["timestamp-realtime"]
            sequence.append("reply" if message["type"] == "method_return" else
                            f"error {message['error_name']}")
            continue
        is_next = (message["type"] == "method_call" and message.get("sender") == client and
                   message.get("member") in METHODS and _device_of(message["path"]) == device)
        if is_next and is_answered:
            break
        for step in _steps(message, call):
            last = message["timestamp-realtime"]
            if sequence[-1:] != [step] or step != "objects":
                sequence.append(step)
    return sequence if is_answered else None


def client_of(messages):
    """The hub: whoever registers an agent that can ask a person."""
    for message in messages:
        if message.get("member") == "RegisterAgent" and message["payload"]["data"][1] == \
                "KeyboardDisplay":
            return message["sender"]
    return None


def connection_changes_of(messages):
    """Signals that tell of a link of hci0: what Connected changes together with."""
    return sorted({" ".join(f"{name}={str(m['payload']['data'][1][name]['data']).lower()}"
                            for name in sorted(m["payload"]["data"][1]) if name in FLAGS)
                   for m in messages
                   if m.get("member") == "PropertiesChanged" and
                   m["payload"]["data"][0] == DEVICE and _device_of(m["path"]).startswith("/dev") and
                   "Connected" in m["payload"]["data"][1]})


def normal_form(messages):
    client = client_of(messages)
    return {"interfaces": interfaces_of(messages), "procedures": procedures_of(messages, client),
            "connection_changes": connection_changes_of(messages)}


def merged(forms):
    """One normal form of all that was seen in several."""
    whole = {"interfaces": {}, "procedures": {}, "connection_changes": []}
    for form in forms:
        for interface, properties in form["interfaces"].items():
            whole["interfaces"].setdefault(interface, {}).update(properties)
        for method, sequences in form["procedures"].items():
            known = whole["procedures"].setdefault(method, [])
            known += [sequence for sequence in sequences if sequence not in known]
        whole["connection_changes"] += [change for change in form["connection_changes"]
                                        if change not in whole["connection_changes"]]
    for sequences in whole["procedures"].values():
        sequences.sort()
    return whole

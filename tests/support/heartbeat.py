# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A hub's heartbeat without a hub: one MQTT 3.1.1 message of QoS 1 over TLS, with the hub's own
certificate. Standard library only."""
import datetime
import json
import pathlib
import socket
import ssl

EXAMPLE = pathlib.Path(__file__).parents[2] / "pipelines/wire/examples/status.json"
SECONDS = 10


def _text(words):
    octets = words.encode()
    return len(octets).to_bytes(2, "big") + octets


def _packet(head, body):
    length, rest = b"", len(body)
    while True:
        rest, octet = divmod(rest, 128)
        length += bytes([octet | (128 if rest else 0)])
        if not rest:
            return bytes([head]) + length + body


def _expect(connection, head, size):
    answer = b""
    while len(answer) < size:
        more = connection.recv(size - len(answer))
        if not more:
            raise OSError("the broker hung up")
        answer += more
    if answer[0] != head or answer[-1] != 0 and head == 0x20:
        raise OSError(f"the broker answers {answer.hex()}")


def publish(port, pki, hub, topic, payload):
    """Returns once the broker has it."""
    context = ssl.create_default_context(cafile=pki / "ca.crt")
    context.load_cert_chain(pki / f"{hub}.crt", pki / f"{hub}.key")
    with socket.create_connection(("127.0.0.1", port), SECONDS) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as connection:
        connection.sendall(_packet(0x10, _text("MQTT") + b"\x04\x02\x00\x3c" + _text(f"{hub}-test")))
        _expect(connection, 0x20, 4)
        connection.sendall(_packet(0x32, _text(topic) + b"\x00\x01" + payload.encode()))
        _expect(connection, 0x40, 4)
        connection.sendall(b"\xe0\x00")


def report(port, pki, hub, *faults):
    """`faults` are (kind, detail)."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    status = {**json.loads(EXAMPLE.read_text()), "hub": hub, "at": now, "devices": [],
              "faults": [{"kind": kind, "since": now, "detail": detail} for kind, detail in faults]}
    publish(port, pki, hub, f"vardnav/1/{hub}/up/status", json.dumps(status))

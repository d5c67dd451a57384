# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A console's view of vardnav-care: log in, ask, listen. Standard library only."""
import http.client
import json
import threading
import urllib.parse


class ApiError(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class Api:
    def __init__(self, port):
        self.port = port
        self.cookie = None

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"X-Vardnav-Request": "1"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, "/api/v1" + path,
                               None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read().decode()
            cookie = response.getheader("Set-Cookie")
        finally:
            connection.close()
        if response.status >= 400:
            raise ApiError(response.status, text)
        if cookie:
            self.cookie = cookie.split(";")[0]
        return json.loads(text) if text and text[0] in "{[" else text

    def get(self, path, **query):
        encoded = urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})
        return self.request("GET", path + ("?" + encoded if encoded else ""))

    def login(self, user, password):
        return self.request("POST", "/session", {"username": user, "password": password})


class Events(threading.Thread):
    """Server-sent events, handed to a listener as (name, data) until stop(); reconnects with
    Last-Event-ID as a browser does."""

    def __init__(self, api, listener):
        super().__init__(daemon=True)
        self.api, self.listener = api, listener
        self.last_id = None
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            try:
                self._listen()
            except (OSError, http.client.HTTPException):
                pass
            self.stopping.wait(0.3)

    def stop(self):
        self.stopping.set()

    def _listen(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.api.port, timeout=30)
        headers = {"Cookie": self.api.cookie, "Accept": "text/event-stream"}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        connection.request("GET", "/api/v1/events", headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise http.client.HTTPException(str(response.status))
        name, data = "message", []
        while not self.stopping.is_set():
            line = response.readline()
            if not line:
                return
            field, _, value = line.decode().rstrip("\r\n").partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                self.last_id = value
            elif field == "" and data:
                self.listener(name, json.loads("\n".join(data)))
                name, data = "message", []

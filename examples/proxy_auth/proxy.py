"""A proxy that asks people who they are, and tells the server behind it in headers: `python proxy.py PORT SOCKET`.

It stands in for the one you have: nginx, Apache, oauth2-proxy, … What matters is what they have in common: nobody else
reaches the server, and headers that a browser sends by the same names are thrown away.
"""

import base64
import hmac
import socket
import sys
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PEOPLE = {"ann": ("ann's password", "data,ops"), "bob": ("bob's password", "data")}
OURS = ("x-forwarded-", "authorization", "connection", "transfer-encoding")


class UnixConnection(HTTPConnection):
    """A connection to a server at a Unix socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


class Proxy(BaseHTTPRequestHandler):
    """Passes on the calls of those it knows."""

    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.who()
        if name is None:
            self.answer(401, [("WWW-Authenticate", 'Basic realm="example"')], b"who are you?\n")
            return
        headers = {key: value for key, value in self.headers.items() if not key.lower().startswith(OURS)}
        headers |= {"X-Forwarded-User": name, "X-Forwarded-Groups": PEOPLE[name][1]}
        headers |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "http"}
        behind = UnixConnection(self.server.behind)
        behind.request(self.command, self.path, body, headers)
        answer = behind.getresponse()
        kept = [(key, value) for key, value in answer.getheaders() if key.lower() not in ("content-length", *OURS)]
        self.answer(answer.status, kept, answer.read())
        behind.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = pass_on

    def who(self):
        value = self.headers.get("Authorization", "").partition(" ")[2]
        try:
            name, _, password = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return None
        known = PEOPLE.get(name, ("", ""))[0].encode()
        return name if known and hmac.compare_digest(known, password.encode()) else None

    def answer(self, status, headers, body):
        self.send_response(status)
        for key, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def proxy(port, behind):
    """A proxy at the port, before the server at the Unix socket `behind`."""
    made = ThreadingHTTPServer(("127.0.0.1", port), Proxy)
    made.behind = behind
    return made


if __name__ == "__main__":
    proxy(int(sys.argv[1]), sys.argv[2]).serve_forever()

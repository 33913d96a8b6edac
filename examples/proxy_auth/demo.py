"""Starts the server and the proxy, and calls as different people: `python demo.py`, in this folder."""

import base64
import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from proxy import proxy

SOCKET = Path("kernel.sock")


def call(url, person="", body=None, **headers):
    """The answer's status, and what it says."""
    if person:
        secret = base64.b64encode(f"{person}:{person}'s password".encode()).decode()
        headers["Authorization"] = f"Basic {secret}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return f"{answer.status} {answer.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode().strip()}"


server = subprocess.Popen(["kernel", "serve"])
door = proxy(0, str(SOCKET))
try:
    while not SOCKET.exists() and server.poll() is None:
        time.sleep(0.05)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{door.server_address[1]}"
    print("nobody:       ", call(f"{url}/session"))
    print("ann:          ", call(f"{url}/session", "ann"))
    print("bob:          ", call(f"{url}/session", "bob"))
    print("bob as ann:   ", call(f"{url}/session", "bob", **{"X-Forwarded-User": "ann"}))
    print("bob pauses:   ", json.loads(call(f"{url}/api/pause", "bob", b"")[4:])["detail"])
    print("ann pauses:   ", call(f"{url}/api/pause", "ann", b""))
    print("bob sees it:  ", call(f"{url}/api/is_paused", "bob"))
    print("another site: ", call(f"{url}/api/unpause", "ann", b"", Origin="https://evil.example")[:3])
finally:
    door.server_close()
    server.terminate()
    server.wait()

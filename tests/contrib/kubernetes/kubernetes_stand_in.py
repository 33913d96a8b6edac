"""Stands in for a Kubernetes cluster, of which there is no cheap one: the routes that jobs need, each really run.

`python kubernetes_stand_in.py PORT [CERTIFICATE KEY]`. A container's command runs as a process of this machine, so that
it prints, fails and is killed as it would be. What cannot be had without a cluster follows from the pod: a nodeSelector
fits no node, an image `missing…` cannot be pulled, one with capitals is none, and in the namespace `full` the quota
lets no pod be made. Secrets that a pod mounts are files in a folder of its own, whose place its command and arguments
name in the place of the mount's, and go with the job that owns them. `/stand-in/asked` says what was asked for,
`/stand-in/fail?status=503&times=2` has the next requests fail like that, and `/stand-in/lose` does what the next one
asks, but loses the answer.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "the-token"
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
JOBS = re.compile(r"/apis/batch/v1/namespaces/([^/]+)/jobs(?:/([^/]+))?")
PODS = re.compile(r"/api/v1/namespaces/([^/]+)/pods(?:/([^/]+)/log)?")
SECRETS = re.compile(r"/api/v1/namespaces/([^/]+)/secrets(?:/([^/]+))?")
EVENTS = re.compile(r"/api/v1/namespaces/([^/]+)/events")
RESTARTS_AFTER = 0.1
GRACE = 5.0
AFTERWARDS = 1.0
LARGEST_SECRET = 1_500_000


class Refused(Exception):
    """An answer of another status than 200."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status = status
        self.body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status}
        self.body |= {"reason": reason, "message": message}


class Pod:
    """One pod with one container, and the process that it is."""

    def __init__(self, job: Job, number: int) -> None:
        self.spec = job.body["spec"]["template"]["spec"]
        labels = {**job.body["spec"]["template"].get("metadata", {}).get("labels", {}), "job-name": job.name}
        self.metadata = {"name": f"{job.name}-{number:05}", "namespace": job.namespace, "labels": labels}
        self.status: dict[str, Any] = {"phase": "Pending", "conditions": []}
        self.printed: list[tuple[str, bytes]] = []
        self.has_printed = threading.Condition()
        self.is_over = False
        self.secrets = job.secrets
        self.process: subprocess.Popen[bytes] | None = None
        self.killed = threading.Event()

    @property
    def body(self) -> dict[str, Any]:
        return {"kind": "Pod", "apiVersion": "v1", "metadata": self.metadata, "spec": self.spec, "status": self.status}

    def run(self) -> bool:
        """Whether it succeeds; waits for ever where it cannot start."""
        if self.spec.get("nodeSelector"):
            condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
            self.status["conditions"] = [{**condition, "message": "0/1 nodes are available: 1 didn't match selector."}]
            return self.killed.wait() and False
        self.status["conditions"] = [{"type": "PodScheduled", "status": "True"}]
        image = self.spec["containers"][0]["image"]
        if image.startswith("missing"):
            return self._waiting("ImagePullBackOff", "Back-off pulling image: not found").wait() and False
        if image != image.lower():
            return self._waiting("InvalidImageName", f'couldn\'t parse image name "{image}"').wait() and False
        with tempfile.TemporaryDirectory() as folder:
            mounted = self._mounted(folder)
            return mounted is not None and self._run(mounted)

    def _run(self, mounted: dict[str, str]) -> bool:
        for restarts in itertools.count():
            code = self._process(restarts, mounted)
            if code == 0 or self.spec["restartPolicy"] == "Never" or self.killed.is_set():
                return self._ended(code, restarts)
            self._waiting("CrashLoopBackOff", "back-off restarting failed container").wait(RESTARTS_AFTER)
        raise AssertionError

    def _mounted(self, folder: str) -> dict[str, str] | None:
        """Where secrets lie that it mounts, once they are there; None when it is killed before."""
        places = {one["name"]: one["mountPath"] for one in self.spec["containers"][0].get("volumeMounts", [])}
        found = {}
        for volume in self.spec.get("volumes", []):
            if "secret" in volume and volume["name"] in places:
                wanted = volume["secret"]
                secret = Mounted(f"{folder}/{volume['name']}", wanted.get("defaultMode", 0o644))
                while (self.metadata["namespace"], wanted["secretName"]) not in self.secrets:
                    if self._waiting("ContainerCreating", "MountVolume.SetUp failed: secret not found").wait(0.02):
                        return None
                secret.of(self.secrets[self.metadata["namespace"], wanted["secretName"]])
                found[places[volume["name"]]] = secret.folder
        return found

    def kill(self) -> None:
        """As a node does: it is asked to, and killed after its grace; all of a container's processes are."""
        self.killed.set()
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            killer = threading.Timer(GRACE, self._kill)
            killer.daemon = True
            killer.start()

    def _has_more(self, read: int) -> bool:
        return len(self.printed) > read or self.is_over

    def _kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def log(self, since: str) -> Iterator[tuple[str, bytes]]:
        """What it printed, as it does, each line with its time, until it is over."""
        read = 0
        while True:
            with self.has_printed:
                self.has_printed.wait_for(partial(self._has_more, read), 5)
                lines, over = self.printed[read:], self.is_over
            yield from ((stamp, line) for stamp, line in lines if stamp >= since)
            read += len(lines)
            if over and not lines:
                return

    def _waiting(self, reason: str, message: str) -> threading.Event:
        self._container({"waiting": {"reason": reason, "message": message}})
        return self.killed

    def _process(self, restarts: int, mounted: dict[str, str]) -> int:
        container = self.spec["containers"][0]
        env = {"PATH": os.environ["PATH"], **{one["name"]: one.get("value", "") for one in container.get("env", [])}}
        args = [*container.get("command", []), *container.get("args", [])]
        for place, folder in mounted.items():
            args = [arg.replace(place, folder) for arg in args]
        try:
            self.process = subprocess.Popen(
                args, env=env, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
            )
        except OSError:
            return 128
        if self.killed.is_set():  # while it was started
            self.kill()
        assert self.process.stdout is not None
        reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        reader.start()
        self.status["phase"] = "Running"
        self._container({"running": {"startedAt": "2026-11-22T19:00:00Z"}}, restarts)
        code = self.process.wait()
        reader.join(AFTERWARDS)
        return code

    def _read(self, output: IO[bytes]) -> None:
        for line in output:
            stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{len(self.printed) % 1000:03}Z"
            with self.has_printed:
                self.printed.append((stamp, line))
                self.has_printed.notify_all()

    def _ended(self, code: int, restarts: int) -> bool:
        reason = "Completed" if code == 0 else "StartError" if code == 128 else "Error"
        state = {"exitCode": code if code >= 0 else 128 - code, "reason": reason}
        self._container({"terminated": state}, restarts)
        self.status["phase"] = "Succeeded" if code == 0 else "Failed"
        with self.has_printed:
            self.is_over = True
            self.has_printed.notify_all()
        return code == 0

    def _container(self, state: dict[str, Any], restarts: int = 0) -> None:
        container = self.spec["containers"][0]
        said = {"name": container["name"], "image": container["image"], "imageID": "", "ready": "running" in state}
        self.status["containerStatuses"] = [{**said, "restartCount": restarts, "state": state}]


class Mounted:
    """A secret as the files of a pod: these follow it."""

    def __init__(self, folder: str, mode: int) -> None:
        self.folder, self.mode = folder, mode
        os.mkdir(folder)

    def of(self, secret: dict[str, Any]) -> None:
        """Write its files, and those that are added later."""
        self.update(secret)
        secret["mounted"].append(self)

    def update(self, secret: dict[str, Any]) -> None:
        for name, content in secret["data"].items():
            with suppress(FileNotFoundError):  # the pod has ended
                part = f"{self.folder}/.{name}"
                with open(os.open(part, os.O_WRONLY | os.O_CREAT, self.mode), "wb") as file:
                    file.write(b64decode(content))
                os.replace(part, f"{self.folder}/{name}")


class Job:
    """A job, and what its controller does."""

    def __init__(self, namespace: str, body: dict[str, Any], found: dict[tuple[str, str], Any]) -> None:
        self.namespace = namespace
        self.secrets = found
        self.body = body
        self.body["spec"] = {"parallelism": 1, "completions": 1, "backoffLimit": 6, **body["spec"]}
        self.name: str = body["metadata"]["name"]
        self.body["metadata"] |= {"namespace": namespace, "uid": secrets.token_hex(8)}
        self.status: dict[str, Any] = {}
        self.body["status"] = self.status
        self.pods: list[Pod] = []
        self.events: list[dict[str, Any]] = []
        self.gone = False

    def bears(self, labels: dict[str, str]) -> bool:
        return labels.items() <= self.body["metadata"].get("labels", {}).items()

    def begin(self) -> None:
        if self.body["spec"].get("suspend"):
            return
        threading.Thread(target=self._control, daemon=True).start()
        if deadline := self.body["spec"].get("activeDeadlineSeconds"):
            timer = threading.Timer(deadline, self._fail, ("DeadlineExceeded", "Job was active longer than allowed"))
            timer.daemon = True
            timer.start()

    def end(self) -> None:
        self.gone = True
        for pod in self.pods:
            pod.kill()

    def _control(self) -> None:
        if self.namespace == "full":
            said = {"reason": "FailedCreate", "message": "pods is forbidden: exceeded quota: small", "type": "Warning"}
            about = {"kind": "Job", "name": self.name, "namespace": self.namespace}
            metadata = {"name": f"{self.name}.1", "namespace": self.namespace}
            self.events.append({**said, "involvedObject": about, "metadata": metadata})
            return
        for failed in range(self.body["spec"]["backoffLimit"] + 1):
            if self.gone or "conditions" in self.status:
                return
            self.pods.append(Pod(self, failed))
            self.status |= {"active": 1}
            succeeded = self.pods[-1].run()
            self.status |= {"active": 0} if succeeded else {"active": 0, "failed": failed + 1}
            if succeeded:
                self.status |= {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
        self._fail("BackoffLimitExceeded", "Job has reached the specified backoff limit")

    def _fail(self, reason: str, message: str) -> None:
        if "conditions" not in self.status:
            self.status["conditions"] = [{"type": "Failed", "status": "True", "reason": reason, "message": message}]
            for pod in self.pods:
                pod.kill()


def _fits(labels: dict[str, str], selector: str) -> bool:
    pairs = _pairs(selector)
    return all(name in labels and ("=" not in selector or labels[name] == value) for name, value in pairs.items())


def _pairs(selector: str) -> dict[str, str]:
    return {key: value for key, _, value in (one.partition("=") for one in selector.split(",") if one)}


def _shown(secret: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in secret.items() if name != "mounted"}


class Cluster:
    """Its jobs, and what was asked of it."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, str], Job] = {}
        self.secrets: dict[tuple[str, str], dict[str, Any]] = {}
        self.going: list[tuple[str, Pod]] = []
        """Namespaces and pods of deleted jobs that have not ended."""
        self.asked: list[str] = []
        self.failures: list[int] = []
        self.loses = False

    def answer(self, verb: str, url: str, token: str, body: bytes) -> Any:
        path, query = urlsplit(url).path, {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        if path.startswith("/stand-in/"):
            return self._of_tests(path.removeprefix("/stand-in/"), query)
        self.asked.append(f"{verb} {url} {body.decode()}".strip())
        if self.failures:
            raise Refused(self.failures.pop(0), "ServiceUnavailable", "the server is currently unable to answer")
        if token.removeprefix("bearer ").removeprefix("Bearer ") != TOKEN:
            raise Refused(401, "Unauthorized", "Unauthorized")
        answer, loses = self._routed(path)(verb, query, body), self.loses
        self.loses = False
        if loses:
            raise Refused(504, "Timeout", "the answer is lost")
        return answer

    def _of_tests(self, what: str, query: dict[str, str]) -> Any:
        if what == "asked":
            return self.asked
        if what == "fail":
            self.failures += [int(query["status"])] * int(query["times"])
        if what == "lose":
            self.loses = True
        return {}

    def _routed(self, path: str) -> Callable[..., Any]:
        for route, serve in ((JOBS, self._jobs), (PODS, self._pods), (SECRETS, self._secrets), (EVENTS, self._events)):
            if found := route.fullmatch(path):
                if not NAME.fullmatch(found[1]):
                    raise Refused(404, "NotFound", f'namespaces "{found[1]}" not found')
                if found[1] == "forbidden":
                    raise Refused(403, "Forbidden", 'jobs.batch is forbidden: User "luigi" cannot create resource')
                return partial(serve, found)
        raise Refused(404, "NotFound", "the server could not find the requested resource")

    def _jobs(self, found: re.Match[str], verb: str, query: dict[str, str], body: bytes) -> Any:
        namespace, name = found.groups()
        if verb == "POST":
            job = self._made(namespace, json.loads(body))
            job.begin()
            return job.body
        if name is None:
            wanted = _pairs(query.get("labelSelector", ""))
            items = [job.body for (where, _), job in self.jobs.items() if where == namespace and job.bears(wanted)]
            return {"kind": "JobList", "apiVersion": "batch/v1", "metadata": {}, "items": items}
        if (namespace, name) not in self.jobs:
            raise Refused(404, "NotFound", f'jobs.batch "{name}" not found')
        job = self.jobs[namespace, name]
        if verb == "DELETE":
            options = {**query, **(json.loads(body) if body else {})}
            if options.get("propagationPolicy") in ("Background", "Foreground"):
                job.end()
            del self.jobs[namespace, name]
            self.going += [(namespace, pod) for pod in job.pods]
            self._collect(job.body["metadata"]["uid"])
        return job.body

    def _made(self, namespace: str, body: dict[str, Any]) -> Job:
        name, template = body["metadata"]["name"], body["spec"]["template"]
        labels = {**body["metadata"].get("labels", {}), **template.get("metadata", {}).get("labels", {})}
        wrong = [str(label) for label in labels.values() if not isinstance(label, str) or not LABEL.fullmatch(label)]
        if not NAME.fullmatch(name) or wrong or template["spec"].get("restartPolicy") not in ("Never", "OnFailure"):
            raise Refused(422, "Invalid", f'Job.batch "{name}" is invalid: {wrong or "metadata.name, restartPolicy"}')
        if (namespace, name) in self.jobs:
            raise Refused(409, "AlreadyExists", f'jobs.batch "{name}" already exists')
        self.jobs[namespace, name] = Job(namespace, body, self.secrets)
        return self.jobs[namespace, name]

    def _collect(self, uid: str) -> None:
        """What belonged to a thing that is gone goes too."""
        for key, secret in list(self.secrets.items()):
            if any(owner["uid"] == uid for owner in secret["metadata"].get("ownerReferences", ())):
                del self.secrets[key]

    def _secrets(self, found: re.Match[str], verb: str, query: dict[str, str], body: bytes) -> Any:
        namespace, name = found.groups()
        given = json.loads(body) if body else {}
        if verb == "POST":
            name = given["metadata"]["name"]
            if len(body) > LARGEST_SECRET:
                raise Refused(
                    422, "Invalid", f'Secret "{name}" is invalid: data: Too long: may not be more than 1048576'
                )
            if (namespace, name) in self.secrets:
                raise Refused(409, "AlreadyExists", f'secrets "{name}" already exists')
            self.secrets[namespace, name] = {"mounted": [], **given}
        elif name is None:
            items = [_shown(one) for (where, _), one in self.secrets.items() if where == namespace]
            return {"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": items}
        elif (namespace, name) not in self.secrets:
            raise Refused(404, "NotFound", f'secrets "{name}" not found')
        elif verb == "PATCH":
            secret = self.secrets[namespace, name]
            secret["data"] |= given["data"]
            for mounted in secret["mounted"]:
                mounted.update(secret)
        return _shown(self.secrets[namespace, name])

    def _pods(self, found: re.Match[str], verb: str, query: dict[str, str], body: bytes) -> Any:
        self.going = [(where, pod) for where, pod in self.going if pod.process is not None and not pod.is_over]
        pods = [pod for job in self.jobs.values() if job.namespace == found[1] for pod in job.pods]
        pods += [pod for where, pod in self.going if where == found[1]]
        if found[2]:
            return self._log([pod for pod in pods if pod.metadata["name"] == found[2]], found[2], query)
        items = [pod.body for pod in pods if _fits(pod.metadata["labels"], query.get("labelSelector", ""))]
        return {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": items}

    def _log(self, pods: list[Pod], name: str, query: dict[str, str]) -> Any:
        if not pods:
            raise Refused(404, "NotFound", f'pods "{name}" not found')
        if "containerStatuses" not in pods[0].status:
            raise Refused(400, "BadRequest", "container is waiting to start")
        stamped = query.get("timestamps") == "true"
        if query.get("follow") == "true":
            since = query.get("sinceTime", "")
            return (b" ".join([stamp.encode(), line]) if stamped else line for stamp, line in pods[0].log(since))
        lines = [line.decode() for _, line in pods[0].printed]
        return "".join(lines[-int(query.get("tailLines", len(lines))) :] if lines else [])

    def _events(self, found: re.Match[str], verb: str, query: dict[str, str], body: bytes) -> Any:
        wanted = _pairs(query.get("fieldSelector", ""))
        jobs = [
            job for job in self.jobs.values() if (job.namespace, job.name) == (found[1], wanted["involvedObject.name"])
        ]
        items = [event for job in jobs for event in job.events]
        return {"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": items}


class Handler(BaseHTTPRequestHandler):
    """The HTTP of it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    cluster = Cluster()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, kind = 200, "application/json"
        try:
            answer = self.cluster.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
        except Refused as refused:
            status, answer = refused.status, refused.body
        if isinstance(answer, Iterator):
            self._stream(answer)
            return
        if isinstance(answer, str):
            kind = "text/plain"
        data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_DELETE = do_PATCH = do_GET

    def _stream(self, parts: Iterator[bytes]) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever listened has heard enough
            for part in parts:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Nothing: `asked` has it."""


def main() -> None:
    port, *pair = sys.argv[1:]
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    if pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        server.serve_forever()
    finally:
        for job in list(Handler.cluster.jobs.values()):
            job.end()


if __name__ == "__main__":
    main()

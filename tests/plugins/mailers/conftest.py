"""Real servers for mailers: SMTP by aiosmtpd, Amazon's SES and SNS by moto, both in this process on the loopback."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from luigi.testing.contracts.mailers import Arrived

PASSWORD = "open-sesame"


class Session(NamedTuple):
    """What the server saw of one e-mail beside the e-mail."""

    greeting: str
    encrypted: bool
    logged_in: bool
    sender: str
    recipients: list[str]


class SmtpServer:
    """An SMTP server that keeps what it takes. Recipients that begin with `nobody` it refuses, one by one."""

    def __init__(self, **how: Any) -> None:
        from aiosmtpd.controller import Controller

        self.mails: list[EmailMessage] = []
        self.sessions: list[Session] = []
        self.answer = "250 taken"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **how)
        self._controller.start()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            logged_in = bool(session.authenticated)
            facts = session.host_name, bool(session.ssl), logged_in, envelope.mail_from, envelope.rcpt_tos
            self.sessions.append(Session(*facts))
        return self.answer

    def stop(self) -> None:
        self._controller.stop()


@pytest.fixture
def smtp_service() -> Iterator[Callable[..., SmtpServer]]:
    """A function that starts an SMTP server, with the keywords of aiosmtpd's Controller."""
    pytest.importorskip("aiosmtpd", reason="aiosmtpd is not installed")
    running: list[SmtpServer] = []

    def start(**how: Any) -> SmtpServer:
        running.append(SmtpServer(**how))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def black_hole() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Certificate(NamedTuple):
    """A certificate of 127.0.0.1 that has signed itself."""

    file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    today = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(today - day).not_valid_after(today + day)
    builder = builder.add_extension(here, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    folder = tmp_path_factory.mktemp("certificate")
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return Certificate(folder / "certificate.pem", context)


@pytest.fixture
def aws_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server that speaks like Amazon's; this process's environment leads boto3 to it."""
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PASSWORD)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield url
    post(f"{url}/moto-api/reset")
    server.stop()


def post(url: str) -> None:
    from urllib.request import Request, urlopen

    urlopen(Request(url, method="POST"), timeout=10).close()


@pytest.fixture
def decoded() -> Callable[[EmailMessage], Arrived]:
    """A function that gives an e-mail as its reader sees it."""

    def decode(mail: EmailMessage) -> Arrived:
        text = next(part for part in mail.walk() if part.get_content_maintype() == "text")
        images = [part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"]
        recipients = mail["To"].split(",")
        return Arrived(
            mail["From"], recipients, mail["Subject"], text.get_content(), text.get_content_subtype(), images
        )

    return decode

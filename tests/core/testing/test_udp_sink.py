"""The sink for datagrams keeps all of them, in order."""

from __future__ import annotations

import socket

from luigi.testing.udp_sink import UdpSink


def test_what_was_sent_is_there() -> None:
    with UdpSink() as sink, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        assert sink.lines() == []
        for number in range(3_000):
            sender.sendto(f"a:{number}|c\nb:1|g".encode(), ("127.0.0.1", sink.port))
        assert sink.lines() == [line for number in range(3_000) for line in (f"a:{number}|c", "b:1|g")]


def test_the_port_is_free_afterwards() -> None:
    with UdpSink() as sink:
        port = sink.port
    with UdpSink(port) as again:
        assert again.port == port

"""What metrics are sent to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from luigi.testing.udp_sink import UdpSink


@pytest.fixture
def datagrams() -> Iterator[UdpSink]:
    """A listener for what StatsD would get."""
    with UdpSink() as sink:
        yield sink

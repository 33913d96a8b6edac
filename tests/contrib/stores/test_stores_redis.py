"""RedisTarget, with a real Redis."""

from __future__ import annotations

import os
import pickle
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused
from luigi.contrib.redis_store import RedisTarget
from luigi.errors import KernelError
from luigi.testing.contracts import TargetContract

if TYPE_CHECKING:
    from redis import Redis

pytestmark = pytest.mark.service("redis")


class TestRedisTarget(TargetContract):
    @pytest.fixture(autouse=True)
    def _server(self, redis_client: Redis, redis_service: int) -> None:
        self.port = redis_service

    def make_target(self, name: str) -> RedisTarget:
        return RedisTarget("127.0.0.1", self.port, 0, name)

    def put(self, target: RedisTarget) -> None:
        target.touch()

    def unreachable(self) -> RedisTarget:
        return RedisTarget("127.0.0.1", 1, 0, "any")


def test_a_mark_is_what_luigi_writes(redis_client: Redis, redis_service: int) -> None:
    RedisTarget("127.0.0.1", redis_service, 0, "orders ü").touch()
    mark = redis_client.hgetall("luigi:orders ü")
    assert mark.pop("update_id") == "orders ü"
    assert datetime.fromisoformat(mark.pop("date")).year >= 2026
    assert not mark
    assert redis_client.ttl("luigi:orders ü") == -1


def test_databases_are_apart(redis_client: Redis, redis_service: int) -> None:
    RedisTarget("127.0.0.1", redis_service, 1, "one").touch()
    assert not RedisTarget("127.0.0.1", redis_service, 0, "one").exists()


@pytest.mark.parametrize("expire", [100, timedelta(seconds=100)])
def test_a_mark_expires(redis_client: Redis, redis_service: int, expire: Any) -> None:
    RedisTarget("127.0.0.1", redis_service, 0, "one", expire=expire).touch()
    assert 90 <= redis_client.ttl("luigi:one") <= 100
    RedisTarget("127.0.0.1", redis_service, 0, "one").touch()
    assert redis_client.ttl("luigi:one") == -1, "the later touch said nothing of expiring"


@pytest.mark.filterwarnings("ignore:.redis. marker-prefix:DeprecationWarning")
@pytest.mark.parametrize("option", ["marker_prefix", "marker-prefix"])
def test_the_prefix_is_configured(redis_client: Redis, redis_service: int, luigi_config: Any, option: str) -> None:
    luigi_config("redis", **{option: "mine"})
    target = RedisTarget("127.0.0.1", redis_service, 0, "one")
    target.touch()
    assert target.marker_key() == "mine:one"
    assert redis_client.keys() == ["mine:one"]


def test_a_class_may_have_a_prefix_of_its_own(redis_service: int) -> None:
    class Mine(RedisTarget):
        marker_prefix = "of-the-class"

    assert Mine("127.0.0.1", redis_service, 0, "one").marker_key() == "of-the-class:one"


def test_targets_share_a_connection(redis_client: Redis, redis_service: int) -> None:
    before = len(redis_client.client_list())
    for number in range(20):
        RedisTarget("127.0.0.1", redis_service, 3, str(number)).exists()
    assert len(redis_client.client_list()) <= before + 1


def test_options_may_be_of_any_type(redis_service: int) -> None:
    target = RedisTarget("127.0.0.1", redis_service, 0, "listed", retry_on_error=[TimeoutError])
    target.touch()
    assert target.exists()
    with pytest.raises(TypeError, match="no_such_option"):
        RedisTarget("127.0.0.1", redis_service, 0, "one", no_such_option=[1]).exists()


def test_a_connection_that_broke_is_made_anew(redis_client: Redis, redis_service: int) -> None:
    target = RedisTarget("127.0.0.1", redis_service, 0, "one")
    target.touch()
    for client in redis_client.client_list():
        redis_client.client_kill_filter(_id=client["id"])
    assert target.exists()
    target.touch()


def test_a_child_has_a_connection_of_its_own(redis_client: Redis, redis_service: int) -> None:
    target = RedisTarget("127.0.0.1", redis_service, 4, "one")
    target.touch()
    before = len(redis_client.client_list())
    child = os.fork()
    if not child:
        os._exit(5 if target.exists() and len(redis_client.client_list()) > before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
    assert target.exists()


def test_a_target_can_be_pickled(redis_client: Redis, redis_service: int) -> None:
    target = RedisTarget("127.0.0.1", redis_service, 0, "one")
    target.touch()
    assert pickle.loads(pickle.dumps(target)).exists()


def test_a_wrong_password_is_said_and_not_shown(redis_client: Redis, redis_service: int) -> None:
    redis_client.acl_setuser("loader", enabled=True, passwords=["+right"], keys=["*"], commands=["+@all"])
    good = RedisTarget("127.0.0.1", redis_service, 0, "one", password="right", username="loader")
    good.touch()
    wrong = RedisTarget("127.0.0.1", redis_service, 0, "one", password="wr0ng-secret", username="loader")
    with pytest.raises(StoreRefused, match="refuses") as caught:
        wrong.exists()
    assert "password" in caught.value.hint
    assert "wr0ng-secret" not in f"{caught.value} {wrong} {wrong!r}"


def test_what_a_user_may_not_do_is_said(redis_client: Redis, redis_service: int) -> None:
    redis_client.acl_setuser("reader", enabled=True, passwords=["+right"], keys=["*"], commands=["+exists", "+multi"])
    target = RedisTarget("127.0.0.1", redis_service, 0, "one", password="right", username="reader")
    assert not target.exists()
    with pytest.raises(StoreRefused, match="one"):
        target.touch()


def test_a_key_of_another_kind_is_left_alone(redis_client: Redis, redis_service: int) -> None:
    redis_client.set("luigi:one", "of somebody else")
    with pytest.raises(StoreError, match="WRONGTYPE"):
        RedisTarget("127.0.0.1", redis_service, 0, "one").touch()
    assert redis_client.get("luigi:one") == "of somebody else"


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(StoreAway, match="redis://127.0.0.1:1/0 luigi:one does not answer") as caught:
        RedisTarget("127.0.0.1", 1, 0, "one").touch()
    assert isinstance(caught.value, KernelError)
    assert isinstance(caught.value, ConnectionError)

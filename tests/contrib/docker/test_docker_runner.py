"""What DockerTask makes of its properties, on a real engine."""

from __future__ import annotations

import logging
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib._docker.engine import connected
from luigi.contrib.docker_runner import DockerAway, DockerError, DockerTask, NameTaken, NoImage
from luigi.contrib.remote_job import JobFailed
from luigi.testing import FakeClock

pytestmark = pytest.mark.service("docker")


class InBusybox(DockerTask):
    """On the engine of the tests, without a network; kept, so that it can be looked at."""

    image = "busybox:test"
    network_mode = "none"
    auto_remove = False
    name = "one"
    command = "true"


@pytest.fixture(autouse=True)
def _on_the_tests_engine(engine: Any, docker_service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_service)


def printed(engine: Any, container: str = "one") -> str:
    return str(engine.logs(container).decode())


def test_arguments_are_given_as_they_are(engine: Any) -> None:
    class Given(InBusybox):
        command = ["sh", "-c", 'for one in "$@"; do echo "<$one>"; done', "sh", "a b", "$HOME; ls", "'\"", "-x", "a\nb"]

    Given().run()
    assert printed(engine) == "<a b>\n<$HOME; ls>\n<'\">\n<-x>\n<a\nb>\n"


def test_a_text_is_cut_into_arguments_and_run_by_no_shell(engine: Any) -> None:
    class Text(InBusybox):
        command = "echo 'a  b' $HOME > /dev/null; true"

    Text().run()
    assert printed(engine) == "a  b $HOME > /dev/null; true\n"


@pytest.mark.parametrize("environment", [{"COLOUR": "dark red", "X": "a=b"}, ["COLOUR=dark red", "X=a=b"]])
def test_its_environment(environment: Any, engine: Any) -> None:
    class Coloured(InBusybox):
        command = ["sh", "-c", 'echo "$COLOUR $X $LUIGI_TMP_DIR"']

    Coloured.environment = environment
    Coloured().run()
    assert printed(engine) == "dark red a=b /tmp/luigi\n"


def test_a_folder_of_its_own_is_seen_inside_and_goes_with_it(engine: Any) -> None:
    class Scratching(InBusybox):
        container_tmp_dir = "/scratch"
        command = ["sh", "-c", "echo some > $LUIGI_TMP_DIR/file; cat /scratch/file"]

    Scratching().run()
    (mount,) = engine.inspect_container("one")["Mounts"]
    assert printed(engine) == "some\n"
    assert mount["Destination"] == "/scratch"
    assert not Path(mount["Source"]).exists()


def test_the_folder_goes_when_it_fails_too(engine: Any) -> None:
    class Failing(InBusybox):
        command = "false"

    with pytest.raises(JobFailed):
        Failing().run()
    assert not Path(engine.inspect_container("one")["Mounts"][0]["Source"]).exists()


def test_without_a_folder_nothing_says_that_there_is_one(engine: Any) -> None:
    class Bare(InBusybox):
        mount_tmp = False
        command = "env"

    Bare().run()
    assert engine.inspect_container("one")["Mounts"] == []
    assert "LUIGI_TMP_DIR" not in printed(engine)


@pytest.mark.parametrize("as_text", [True, False])
def test_what_is_bound_is_seen_inside(as_text: bool, engine: Any, tmp_path: Path) -> None:
    (tmp_path / "read").write_text("from outside\n")

    class Bound(InBusybox):
        binds = f"{tmp_path}:/in:ro" if as_text else [f"{tmp_path}:/in:ro"]
        command = ["sh", "-c", "cat /in/read; touch /in/written 2>/dev/null || echo read-only"]

    Bound().run()
    assert printed(engine) == "from outside\nread-only\n"


def test_further_options_go_to_the_container_and_to_its_host(engine: Any) -> None:
    class Optioned(InBusybox):
        container_options = {"working_dir": "/bin", "labels": {"team": "data"}}
        host_config_options = {"mem_limit": "64m"}

    Optioned().run()
    found = engine.inspect_container("one")
    assert found["Config"]["WorkingDir"] == "/bin"
    assert found["Config"]["Labels"] == {
        "spawned_by": "luigi",
        "luigi_task_id": Optioned().task_id,
        "team": "data",
    }
    assert found["HostConfig"]["Memory"] == 64 << 20
    assert found["HostConfig"]["NetworkMode"] == "none"


def test_the_error_says_which_container_how_it_ended_and_what_it_printed() -> None:
    class Failing(InBusybox):
        environment = {"PASSWORD": "hunter2"}
        command = ["sh", "-c", "echo to out; echo to err >&2; exit 3"]

    with pytest.raises(JobFailed) as error:
        Failing().run()
    said = "Docker container one of busybox:test ended as exited: exit code 3\nthe last that it printed:\n"
    assert str(error.value).startswith(said)
    assert sorted(str(error.value).removeprefix(said).splitlines()) == ["to err", "to out"]
    assert "hunter2" not in str(error.value)


def test_of_a_flood_the_last_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    class Flooding(InBusybox):
        command = ["sh", "-c", "yes 'a line' | head -n 20000; echo the last"]

    caplog.set_level(logging.INFO, "luigi-interface")
    Flooding().run()
    assert caplog.messages[-1].endswith("a line\nthe last\n")
    assert len(caplog.messages[-1].splitlines()) == 201


def test_a_program_that_the_image_lacks_is_named() -> None:
    class Lacking(InBusybox):
        command = "no-such-program"

    with pytest.raises(DockerError, match='exec: "no-such-program": executable file not found'):
        Lacking().run()


class TestAutoRemove:
    """With `auto_remove`, nothing stands in the way of the next run."""

    class Removed(InBusybox):
        auto_remove = True

    def test_it_is_removed_when_it_has_succeeded(self, engine: Any) -> None:
        self.Removed().run()
        assert engine.containers(all=True) == []

    def test_so_it_is_when_the_hosts_options_say_so(self, engine: Any) -> None:
        class Gone(InBusybox):
            host_config_options = {"auto_remove": True}

        Gone().run()
        assert engine.containers(all=True) == []

    def test_it_is_removed_when_it_could_not_be_started(self, engine: Any) -> None:
        class Lacking(self.Removed):  # type: ignore[name-defined, misc]
            command = "no-such-program"

        with pytest.raises(DockerError):
            Lacking().run()
        assert engine.containers(all=True) == []

    def test_what_has_ended_under_its_name_makes_room(self, engine: Any) -> None:
        engine.create_container("busybox:test", "true", name="one")
        self.Removed().run()
        assert engine.containers(all=True) == []

    def test_what_a_killed_worker_left_running_is_ended(self, engine: Any) -> None:
        task = self.Removed()
        with running(engine, labels={"luigi_task_id": task.task_id}) as left:
            task.run()
            assert left not in [container["Id"] for container in engine.containers(all=True)]

    def test_somebody_elses_is_left_alone(self, engine: Any) -> None:
        with running(engine, labels={}) as left:
            with pytest.raises(NameTaken, match="a container one runs"):
                self.Removed().run()
            assert left in [container["Id"] for container in engine.containers()]


def test_without_auto_remove_a_second_one_of_the_name_is_refused(engine: Any) -> None:
    InBusybox().run()
    with pytest.raises(DockerError, match='name "/one" is already in use'):
        InBusybox().run()


def test_one_that_somebody_removes_has_failed(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Removed(InBusybox):
        command = "sleep 600"

        def set_status_message(self, message: str) -> None:
            if message == "Docker container one of busybox:test: running":
                engine.remove_container("one", force=True)

    with pytest.raises(JobFailed, match="ended as removed: somebody has removed it"):
        Removed().run()


class TestPulling:
    """From a real registry."""

    @pytest.fixture
    def image(self, engine: Any, request: pytest.FixtureRequest) -> Iterator[str]:
        registry = request.getfixturevalue("registry_service")
        name = f"{registry}/team/small:1.0"
        engine.tag("busybox:test", f"{registry}/team/small", "1.0")
        assert "error" not in engine.push(f"{registry}/team/small", "1.0")
        engine.remove_image(name)
        yield name
        if engine.images(name):
            engine.remove_image(name, force=True)

    def test_an_image_that_is_not_here_is_pulled_once(
        self, image: str, engine: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Pulled(InBusybox):
            auto_remove = True

        Pulled.image = image  # type: ignore[assignment]
        caplog.set_level(logging.INFO, "luigi-interface")
        Pulled().run()
        Pulled().run()
        assert caplog.messages.count(f"Pulling docker image {image}") == 1

    def test_one_that_is_here_may_be_out_of_date(self, image: str, engine: Any) -> None:
        other = engine.import_image_from_data(other_image(), image.removesuffix(":1.0"), "1.0")
        assert other

        class Fresh(InBusybox):
            force_pull = True
            auto_remove = True

        Fresh.image = image  # type: ignore[assignment]
        Fresh().run()  # the other one has no program `true`

    def test_one_that_there_is_not_is_named(self, request: pytest.FixtureRequest) -> None:
        class Missing(InBusybox):
            image = f"{request.getfixturevalue('registry_service')}/team/none"

        with pytest.raises(NoImage, match=r"the image 127.0.0.1:\d+/team/none cannot be pulled: .*not found") as error:
            Missing().run()
        assert "docker pull" in error.value.hint


def test_a_registry_that_is_away_is_an_error() -> None:
    class Unreachable(InBusybox):
        image = "127.0.0.1:9/none:1"

    with pytest.raises(NoImage, match="connection refused"):
        Unreachable().run()


def test_an_engine_that_is_away_is_asked_three_times(tmp_path: Path) -> None:
    clock = FakeClock()
    with pytest.raises(DockerAway, match="does not answer") as error:
        connected(f"unix://{tmp_path}/none.sock", clock)
    assert clock.slept == [0.5, 1.0]
    assert "DOCKER_HOST" in error.value.hint


def test_a_url_of_its_own_goes_before_the_environments(
    docker_service: str, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class There(InBusybox):
        docker_url = docker_service

    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    There().run()
    assert engine.inspect_container("one")["State"]["ExitCode"] == 0


@contextmanager
def running(engine: Any, labels: dict[str, str]) -> Iterator[str]:
    made = engine.create_container("busybox:test", "sleep 600", name="one", labels=labels)
    engine.start(made["Id"])
    yield str(made["Id"])


def other_image() -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("nothing"))
    return buffer.getvalue()

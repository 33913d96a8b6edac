"""Output folders by parameters, dispatched processes, temporary outputs, and a batch system of the program's own."""

import subprocess

import b2luigi
from b2luigi.batch.processes import BatchProcess, JobStatus

OF_POLLS = {None: JobStatus.running, 0: JobStatus.successful}


class Shell(BatchProcess):
    """Runs tasks as jobs of a shell."""

    def start_job(self):
        path = self.task.get_output_file_name("count.txt")
        command = f'mkdir -p "$(dirname "{path}")"; echo {self.task.n} > "{path}"'
        self.job = subprocess.Popen(["sh", "-c", "exit 1" if self.task.n == 3 else command])

    def get_job_status(self):
        return OF_POLLS.get(self.job.poll(), JobStatus.aborted)

    def terminate_job(self):
        self.job.terminate()


class Count(b2luigi.Task):
    n = b2luigi.IntParameter()
    batch_system = "custom"
    process_class = Shell

    def output(self):
        yield self.add_to_output("count.txt")


class Sum(b2luigi.Task):
    label = b2luigi.Parameter(hashed=True)
    batch_system = "local"

    def requires(self):
        for n in range(3):
            yield Count(n=n)

    def output(self):
        yield self.add_to_output("sum.txt")

    def run(self):
        counts = [open(path).read() for path in self.get_input_file_names("count.txt")]
        with open(self.get_output_file_name("sum.txt"), "w") as file:
            file.write("".join(sorted(counts)))


@b2luigi.requires(Sum)
class Copy(b2luigi.Task):
    batch_system = "local"

    def output(self):
        yield self.add_to_output("copy.txt")

    @b2luigi.on_temporary_files
    def run(self):
        with open(self.get_output_file_name("copy.txt"), "w") as file:
            file.write("copied")


if __name__ == "__main__":
    b2luigi.set_setting("result_dir", "results")
    b2luigi.set_setting("log_dir", "logs")
    b2luigi.process([Copy(label="a/b"), Count(n=3)], workers=2, ignore_additional_command_line_args=True)

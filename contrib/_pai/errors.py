"""What can go wrong with OpenPAI, beside that a job fails."""

from __future__ import annotations

from luigi.errors import KernelError


class NotKnown(KernelError):
    """OpenPAI does not know a job: not yet, since it takes them in at its leisure, or not any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"OpenPAI does not know the job {name}, or not any more")


class PaiError(KernelError):
    """OpenPAI has refused something."""

    def __init__(self, what: str, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"OpenPAI: {what} failed: {' '.join(filter(None, (str(status), code, message)))}", hint=hint)
        self.status = status
        self.code = code

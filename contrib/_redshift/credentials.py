"""As whom Redshift gets at S3: what the task says, or the configuration, or the environment."""

from __future__ import annotations

import os

from luigi.contrib._redshift.errors import MissingCredentials


class CredentialsMixin:
    """For tasks whose statements make Redshift read or write S3. Each property can be overridden."""

    @property
    def configuration_section(self) -> str:
        """The section that has the options."""
        return "redshift"

    @property
    def aws_access_key_id(self) -> str | None:
        """The key to sign with."""
        return self._get_configuration_attribute("aws_access_key_id")

    @property
    def aws_secret_access_key(self) -> str | None:
        """The secret of that key."""
        return self._get_configuration_attribute("aws_secret_access_key")

    @property
    def aws_session_token(self) -> str | None:
        """The token of a key that was lent: where the key is from, and from nowhere else."""
        for found in (self._configured, self._of_environment):
            if self.aws_access_key_id and found("aws_access_key_id") == self.aws_access_key_id:
                return found("aws_session_token")
        return None

    @property
    def aws_account_id(self) -> str | None:
        """The account of the role."""
        return self._get_configuration_attribute("aws_account_id")

    @property
    def aws_arn_role_name(self) -> str | None:
        """The role that the cluster takes, which goes before a key; or the whole ARN of one."""
        return self._get_configuration_attribute("aws_arn_role_name")

    def _get_configuration_attribute(self, attribute: str) -> str | None:
        """An option as it is configured, or else the variable of its name in capitals."""
        return self._configured(attribute) or self._of_environment(attribute)

    def _configured(self, attribute: str) -> str | None:
        from luigi.configuration import get_config

        return get_config().get(self.configuration_section, attribute, None) or None

    def _of_environment(self, attribute: str) -> str | None:
        return os.environ.get(attribute.upper()) or None

    def _credentials(self) -> str:
        """What stands behind CREDENTIALS in a statement, without quotes. Raises MissingCredentials."""
        role = self.aws_arn_role_name
        if role and role.startswith("arn:"):
            return f"aws_iam_role={role}"
        if role and self.aws_account_id:
            return f"aws_iam_role=arn:aws:iam::{self.aws_account_id}:role/{role}"
        if self.aws_access_key_id and self.aws_secret_access_key:
            token = f";token={self.aws_session_token}" if self.aws_session_token else ""
            return (
                f"aws_access_key_id={self.aws_access_key_id};aws_secret_access_key={self.aws_secret_access_key}{token}"
            )
        raise MissingCredentials(self, self.configuration_section)

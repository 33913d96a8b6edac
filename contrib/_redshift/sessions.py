"""KillOpenRedshiftSessions: ends the sessions that others have in a database, so that nobody holds a lock there."""

from __future__ import annotations

import logging
from typing import Final

import luigi
from luigi.clock import SYSTEM
from luigi.contrib import rdbms
from luigi.contrib._redshift.dialect import DIALECT
from luigi.contrib._redshift.target import RedshiftTarget
from luigi.contrib._sql.errors import one_line

logger = logging.getLogger("luigi-interface")

_END_THE_OTHERS: Final = """
    SELECT pg_terminate_backend(process) FROM stv_sessions
    WHERE db_name = %s AND user_name != 'rdsdb' AND process != pg_backend_pid()
"""
"""All but Amazon's own, and the one that asks."""


class KillOpenRedshiftSessions(rdbms._AtDatabase):
    """Ends all other sessions in a database, once for each `update_id`; who is no superuser only ends his own."""

    connection_reset_wait_seconds = luigi.IntParameter(default=60)
    """How long to wait when the connection that asked is ended with the others."""

    def output(self) -> RedshiftTarget:
        """The note that they were ended."""
        where = self.host, self.database, self.user, self.password
        return RedshiftTarget(*where, type(self).__name__, self.update_id)

    def run(self) -> None:
        """End them, and note it."""
        target = self.output()
        connection = target.connect()
        try:
            connection.autocommit = True
            connection.cursor().execute(_END_THE_OTHERS, (self.database,))
        except DIALECT.errors as error:
            if not DIALECT.is_lost(error):
                raise DIALECT.in_our_words(target.place, "stv_sessions", error) from error
            wait = self.connection_reset_wait_seconds
            logger.info("%s: the connection was ended, too; going on in %s s: %s", self, wait, one_line(error))
            SYSTEM.sleep(wait)
        finally:
            connection.close()
        target.touch()

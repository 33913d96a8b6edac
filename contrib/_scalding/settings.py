"""The section [scalding]."""

from __future__ import annotations

import luigi


class scalding(luigi.Config):
    """Where Scala and Scalding are."""

    scala_home = luigi.OptionalParameter(default=None, description="by default SCALA_HOME, or /usr/share/scala")
    scalding_home = luigi.OptionalParameter(
        default=None, description="by default SCALDING_HOME, or /usr/share/scalding"
    )
    scalding_provided = luigi.OptionalParameter(
        default=None,
        description="jars to compile with that the cluster has; by default the folder provided in SCALDING_HOME",
    )
    scalding_libjars = luigi.OptionalParameter(
        default=None, description="jars that the cluster is given; by default the folder libjars in SCALDING_HOME"
    )

"""Tasks that are pipelines of Apache Beam's, on this machine or in Google's Dataflow.

docs/contrib/beam_dataflow.md shows one.
"""

from __future__ import annotations

from luigi.contrib._beam.keys import DataflowParamKeys
from luigi.contrib._beam.pipeline import CmdLineRunner as _CmdLineRunner
from luigi.contrib._beam.pipeline import PipelineFailed
from luigi.contrib._beam.task import BeamDataflowJobTask, PipelineInvalid

__all__ = ["BeamDataflowJobTask", "DataflowParamKeys", "PipelineFailed", "PipelineInvalid", "_CmdLineRunner"]

"""What content goes through between a program and a target's bytes: text encodings, compression, external commands.

A format wraps a stream for reading (`pipe_reader`) and one for writing (`pipe_writer`). `a >> b` chains them in the
order of writing: `UTF8 >> Gzip` takes text, encodes it and compresses that.
"""

from __future__ import annotations

from luigi.format.base import BaseWrapper, ChainFormat, FileWrapper, Format, NopFormat, WrappedFormat
from luigi.format.command import CommandFailed
from luigi.format.compression import Bzip2Format, CorruptData, GzipFormat
from luigi.format.pipes import InputPipeProcessWrapper, OutputPipeProcessWrapper
from luigi.format.text import (
    MixedUnicodeBytesFormat,
    MixedUnicodeBytesWrapper,
    NewlineFormat,
    NewlineWrapper,
    TextFormat,
    TextWrapper,
)

__all__ = [
    "UTF8",
    "BaseWrapper",
    "Bzip2",
    "Bzip2Format",
    "ChainFormat",
    "CommandFailed",
    "CorruptData",
    "FileWrapper",
    "Format",
    "Gzip",
    "GzipFormat",
    "InputPipeProcessWrapper",
    "MixedUnicodeBytes",
    "MixedUnicodeBytesFormat",
    "MixedUnicodeBytesWrapper",
    "NewlineFormat",
    "NewlineWrapper",
    "Nop",
    "NopFormat",
    "OutputPipeProcessWrapper",
    "SysNewLine",
    "Text",
    "TextFormat",
    "TextWrapper",
    "WrappedFormat",
    "get_default_format",
]

Text = TextFormat()
UTF8 = TextFormat(encoding="utf8")
Nop = NopFormat()
SysNewLine = NewlineFormat()
Gzip = GzipFormat()
Bzip2 = Bzip2Format()
MixedUnicodeBytes = MixedUnicodeBytesFormat()


def get_default_format() -> Format:
    """The format of a target that names none: text in the locale's encoding."""
    return Text

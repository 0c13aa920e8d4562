"""The command line: parse, call, print, exit code; everything else is elsewhere."""

from summarizer.cli.app import main

__all__ = ["main"]

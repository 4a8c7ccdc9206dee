"""The command line: `hemicycle …`. One module for each command or group of commands."""

from hemicycle.cli.main import main

__all__ = ["main"]

"""Machinery that knows no domain. Start with `hookspecs.py`: every question asked of a module or a plugin."""

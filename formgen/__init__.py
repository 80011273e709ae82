"""formgen: case records of hardship workers → decisions → papers → bundles."""

__version__ = "0.1.0"

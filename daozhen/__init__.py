"""Puts the programs together: the `daozhen` command."""

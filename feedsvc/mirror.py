"""Copies of pictures that readers could not load from the portal."""

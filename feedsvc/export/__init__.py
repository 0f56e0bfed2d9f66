"""The service written out as files, byte for byte what it answers."""

from __future__ import annotations

from feedsvc.export.writing import Outcome, export

__all__ = ["Outcome", "export"]

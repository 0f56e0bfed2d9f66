"""What is wrong with an installation: one finding for each thing looked at, in words, with what to do about it."""

from __future__ import annotations

from feedsvc.doctor.examining import examine
from feedsvc.doctor.finding import Finding

__all__ = ["Finding", "examine"]

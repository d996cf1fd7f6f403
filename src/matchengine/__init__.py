"""matchengine: suggest mentors and community groups, with reasons, under hard rules and consent."""

from __future__ import annotations

__version__ = "0.1.0"

"""Pages of a run for people to read: one self-contained HTML file, pictures as inline SVG."""

from __future__ import annotations

from matchengine.report.page import render_page, write_page

__all__ = ["render_page", "write_page"]

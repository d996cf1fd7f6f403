"""What a programme puts on record of those who read."""

from __future__ import annotations

from typing import Literal

from matchengine.config_base import ConfigTable

__all__ = ["AuditConfig"]


class AuditConfig(ConfigTable):
    """What is put on record beside every change, which always is.

    `reads` are the answers that leave a line: those given to `coordinators`, those given to `everybody` (members
    looking at their own lists too), or `none`. Only an engine over a store keeps a record.
    """

    reads: Literal["none", "coordinators", "everybody"] = "coordinators"

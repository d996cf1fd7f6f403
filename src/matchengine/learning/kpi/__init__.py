"""Key figures of a programme from its own records: what was kept, what was missing, and nothing about one person."""

from matchengine.learning.kpi.inputs import ProgrammeRecords
from matchengine.learning.kpi.objectives import read_objectives
from matchengine.learning.kpi.report import kpi_report

__all__ = ["ProgrammeRecords", "kpi_report", "read_objectives"]

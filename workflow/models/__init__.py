from workflow.models.basis import Basis
from workflow.models.clock import DemoClock, Heartbeat
from workflow.models.countersignature import Countersignature
from workflow.models.escalation import Escalation
from workflow.models.evidence import Blob, Evidence
from workflow.models.extension import Extension
from workflow.models.journal import JournalEntry
from workflow.models.long_work import LongWork
from workflow.models.objection import Objection
from workflow.models.part import Part
from workflow.models.plan import Plan, PlanDocument, Section, Supervisor
from workflow.models.recheck import Draw, Recheck
from workflow.models.round import Round
from workflow.models.rules import CalendarVersion, RulePackVersion
from workflow.models.sub_item import Responsibility, SubItem
from workflow.models.submission import Report, Submission

__all__ = [
    "Basis",
    "Blob",
    "CalendarVersion",
    "Countersignature",
    "DemoClock",
    "Draw",
    "Escalation",
    "Evidence",
    "Extension",
    "Heartbeat",
    "JournalEntry",
    "LongWork",
    "Objection",
    "Part",
    "Plan",
    "PlanDocument",
    "Recheck",
    "Report",
    "Responsibility",
    "Round",
    "RulePackVersion",
    "Section",
    "SubItem",
    "Submission",
    "Supervisor",
]

"""The bytes of 佐证材料: what a file may be called and be, where it lies, and how it goes out again. No database."""

from workflow.evidence_files.examination import Examined, examine
from workflow.evidence_files.sending import INLINE, as_attachment, in_page
from workflow.evidence_files.store import Received, open_blob, received

__all__ = ["INLINE", "Examined", "Received", "as_attachment", "examine", "in_page", "open_blob", "received"]

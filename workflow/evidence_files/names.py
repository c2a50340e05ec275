"""What a file may be called. A name that could mean anything but a name is refused, never cleaned."""

import re
import unicodedata

from django.utils.translation import gettext as _

from workflow.errors import Invalid

LONGEST = 120  # characters
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)  # devices of Windows
# Control, format (which turns the direction of writing), half a surrogate pair, line and paragraph separator.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def has_unseen(text: str) -> bool:
    """Are there characters in it that are not seen, change how the rest is seen, or cannot be stored?"""
    return any(unicodedata.category(letter) in UNSEEN for letter in text)


def check(filename: str) -> None:
    """Raises Invalid with the one sentence that says what is wrong with a name."""
    if not filename.strip():
        raise Invalid(_("文件没有名字，请起个名字再传。"))
    if has_unseen(filename):
        raise Invalid(_("文件名里有看不见的控制字符，请改名后再传。"))
    if re.search(r"[/\\:]", filename) or filename.startswith(".."):
        raise Invalid(_("文件名里带了路径，请只留文件名再传。"))
    if filename[0] in ". " or filename[-1] in ". ":
        raise Invalid(_("文件名不能以点或空格开头、结尾，请改名后再传。"))
    if len(filename) > LONGEST:
        raise Invalid(_("文件名超过 %(n)s 个字，请改短后再传。") % {"n": LONGEST})
    if RESERVED.fullmatch(filename.partition(".")[0].rstrip()):
        raise Invalid(_("“%(name)s”是电脑的保留名称，请改名后再传。") % {"name": filename})


def extension(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""

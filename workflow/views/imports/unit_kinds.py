"""What sort of body a printed name most likely is, offered for a new unit; a person decides."""

import re

from accounts.models import Unit

# First match wins.
LIKELY = (
    (re.compile("^各"), Unit.Kind.GROUP),
    (
        re.compile(
            "工会|妇联|妇女联合会|团[县市区旗州]?委|共青团|科协|科学技术协会|文联|残联|侨联|工商联|红十字|协会|联合会"
        ),
        Unit.Kind.MASS,
    ),
    (re.compile("[乡镇]$|[乡镇](?:人民)?政府$|街道"), Unit.Kind.TOWNSHIP),
    (re.compile("[县市区旗州党工纪]委|委员会$|(?:宣传|组织|统战)部|政法委|编办|党校|档案馆|督查室"), Unit.Kind.PARTY),
)


def likely_kind(name: str) -> str:
    return next((kind for words, kind in LIKELY if words.search(name)), Unit.Kind.GOVERNMENT).value

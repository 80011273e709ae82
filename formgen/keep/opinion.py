"""The opinion of an appraisal (鉴定意见): whether it says that dossiers are to be destroyed."""

from __future__ import annotations

import re

#: 无继续保存价值、已失去保存必要 …: what speaks for destroying, though it holds the words of keeping.
_WORTHLESS = re.compile(
    r"(?:无|没有|不再|不具有?|不存在|丧失|失去)(?:需要|具有|有)?(?:再|继续|永久|长期)*(?:保存|保管|保留|留存)的?(?:价值|必要|意义)?"
)
#: Words of keeping, of waiting, of refusal: beside one of them 销毁 is not what is wanted, or not yet.
_KEPT = re.compile("[不未免勿缓暂停再否]|推迟|继续|延长|延期|保存|保留|留存|反对|取消")


def is_destruction(text: str) -> bool:
    """Whether an opinion wants destruction and nothing else; in doubt not, for what is kept can still be destroyed."""
    plain = _WORTHLESS.sub("", "".join(text.split()))
    return "销毁" in plain and not _KEPT.search(plain)

"""Computed tags of the persons: who signs the authorization, and the frames for their identity papers."""

from __future__ import annotations

from formgen.household import Case, Member

AUTHORIZATION_ROWS = 5
KNOWN = {
    "收文工会": "申请书的抬头，即所属工会",
    "授权成员": "须查询核对的每一个人一行，含不共同生活的赡养、抚养、扶养人；用 {%tr for … %} 循环",
    "授权成员.序号": "1、2、3…",
    "授权成员.姓名": "家庭成员姓名",
    "授权成员.与户主关系": "与户主关系",
    "授权成员.身份证号码": "身份证号码",
    "授权空行": "不足五人时补足的空行，用 {%tr for … %} 循环",
    "授权空行.序号": "接在最后一人后面的序号",
    "共同生活成员": "计入家庭人口的成员一人一行，列同“家庭成员”，另有序号；用 {%tr for … %} 循环",
    **{
        f"共同生活成员.{column}": column
        for column in ("序号", "姓名", "与户主关系", "身份证号码", "就业状况", "单位或学校")
    },
    "身份证框": "每人一个身份证框，有扫描件时放入；用 {%tr for … %} 循环",
    **{f"身份证框.{column}": column for column in ("序号", "姓名", "与户主关系", "身份证号码")},
    "身份证框.证件正面": "身份证人像面的扫描件；没有时为空",
    "身份证框.证件背面": "身份证国徽面的扫描件；没有时为空",
    "户口本扫描": "户口本扫描件一页一项，用 {%p for … %} 循环",
    "户口本扫描.图": "一页户口本",
    "户口本空框": "没有户口本扫描件时为真",
    "银行卡扫描": "银行卡的扫描件；没有时为空，留框粘贴",
    "开户行扫描": "开户行、户名凭证的扫描件；没有时为空，留框粘贴",
    "二维码": "档案编号、文书和内容摘要的二维码，form.toml 写 qr = true 时才有；用 {%p if 二维码 %}",
    "卡主": "银行卡户名；没有填户名时就是职工本人",
}


def tags(case: Case) -> dict[str, object]:
    """The computed tags of the persons of one case."""
    missing_rows = range(len(case.members) + 1, AUTHORIZATION_ROWS + 1)
    return {
        "收文工会": _addressed(case.union),
        "授权成员": tuple(_signer(number, member) for number, member in enumerate(case.members, 1)),
        "授权空行": tuple({"序号": str(number)} for number in missing_rows),
        "共同生活成员": tuple(
            _signer(number, member) | {"就业状况": member.employment, "单位或学校": member.workplace or "—"}
            for number, member in enumerate((m for m in case.members if m.lives_together), 1)
        ),
        "身份证框": tuple(
            _signer(number, member) | {"证件正面": None, "证件背面": None}
            for number, member in enumerate(case.members, 1)
        ),
        "户口本扫描": (),
        "户口本空框": True,
        "银行卡扫描": None,
        "开户行扫描": None,
        "二维码": None,
        "卡主": case.card_holder or case.name,
    }


def _signer(number: int, member: Member) -> dict[str, object]:
    return {
        "序号": str(number),
        "姓名": member.name,
        "与户主关系": member.relation,
        "身份证号码": member.id_number,
    }


def _addressed(union: str | None) -> str | None:
    """The union as the letter addresses it; a name without the word 工会 gets it."""
    return union if union is None or "工会" in union else f"{union}工会"

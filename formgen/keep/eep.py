"""metadata/dossier.xml: the names of DA/T 46-2009 and DA/T 48-2009 without encoded payload, and retention as XML.

The payload lies beside it in the bag, so nothing is base64-encoded here; ``data/eep.xsd`` is its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from lxml import etree

from formgen.keep.dossier import Dossier
from formgen.keep.items import Item, pages
from formgen.keep.policy import Policy
from formgen.messages import FormgenError
from formgen.model import Finding, Place

NAMESPACE = "http://www.saac.gov.cn/standards/ERM/encapsulation"
OWN = "urn:formgen:retention:1"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)

Electronic = Mapping[str, tuple[int, str]]  # path below data/ → size in octets, sha256


def schema_text() -> bytes:
    """The schema as it goes into every bag."""
    return (files("formgen") / "data" / "eep.xsd").read_bytes()


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema_text(), _PARSER))


def faults(raw: bytes) -> tuple[str, ...]:
    """Why an XML text does not fit the schema, one sentence each; none when it fits."""
    try:
        document = etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as wrong:
        return (str(wrong),)
    schema = _schema()
    return () if schema.validate(document) else tuple(f"第{e.line}行 {e.message}" for e in list(schema.error_log))  # type: ignore[call-overload]


def parsed(raw: bytes) -> etree._Element:
    """An XML text of a bag as a tree; nothing outside it is read. Raises XMLSyntaxError."""
    return etree.fromstring(raw, _PARSER)


def dossier_xml(
    dossier: Dossier,
    number: str,
    items: Sequence[Item],
    electronic: Electronic,
    events: Sequence[Mapping[str, str]],
    stated: Mapping[str, str],
    policy: Policy,
) -> bytes:
    """The metadata of a dossier and its items. Raises FormgenError when it does not fit our own schema."""
    root = etree.Element(named("电子文件封装包"), nsmap={None: NAMESPACE, "bg": OWN})  # type: ignore[dict-item]
    _add(root, "封装包格式描述", "本封装包以 DA/T 48-2009 的元素描述，电子文件实体在同一 BagIt 包的 data 目录")
    _add(root, "版本", "2009")
    signed = etree.SubElement(root, named("被签名对象"), {"eep版本": "2009"})
    _add(signed, "封装包类型", "原始型")
    _add(signed, "封装包类型描述", "原始型封装包，不含编码数据")
    _add(signed, "封装包创建时间", stated["Retention-Start"])
    _add(signed, "封装包创建单位", dossier.fonds_unit or "未注明")
    content = etree.SubElement(signed, named("封装内容"))
    block = etree.SubElement(content, named("文件实体块"))
    _file(block, dossier, number, tuple(items), policy)
    for item in items:
        _item(block, item, electronic, policy)
    acts = etree.SubElement(content, named("业务实体块"))
    for event in events:
        _act(acts, event)
    bodies = etree.SubElement(content, named("机构人员实体块"))
    for holder in dossier.holders or ("未注明",):
        body = etree.SubElement(bodies, named("机构人员实体"))
        _add(body, "机构人员类型", "单位")
        _add(body, "机构人员名称", holder)
    signed.append(_retention(stated))
    raw = _text(root)
    if faults(raw):
        raise FormgenError(Finding("E771", Place("dossier.xml")))
    return raw


def retention_xml(stated: Mapping[str, str]) -> bytes:
    """The retention facts as XML in our own namespace."""
    return _text(_retention(stated))


def _retention(stated: Mapping[str, str]) -> etree._Element:
    block = etree.Element(f"{{{OWN}}}保管", nsmap={"bg": OWN})
    for label, value in stated.items():
        etree.SubElement(block, f"{{{OWN}}}{label}").text = value
    return block


def _file(block: etree._Element, dossier: Dossier, number: str, items: tuple[Item, ...], policy: Policy) -> None:
    entity = etree.SubElement(block, named("文件实体"))
    _add(entity, "聚合层次", "案卷")
    source = etree.SubElement(entity, named("来源"))
    _add(source, "全宗名称", dossier.fonds_unit)
    _add(source, "立档单位名称", dossier.fonds_unit)
    _add(entity, "电子文件号", number or dossier.case_no)
    place = etree.SubElement(entity, named("档号"))
    _add(place, "档号值", number)
    _add(place, "全宗号", dossier.fonds)
    _add(place, "年度", str(dossier.withdrawn_on.year) if dossier.withdrawn_on else "")
    _add(place, "保管期限", policy.code)
    _add(place, "类别号", dossier.category)
    about = etree.SubElement(entity, named("内容描述"))
    _add(about, "题名", dossier.title)
    _add(about, "责任者", dossier.fonds_unit)
    _add(
        about,
        "日期",
        (dossier.withdrawn_on or dossier.filed_on or "") and str(dossier.withdrawn_on or dossier.filed_on),
    )
    _add(about, "密级", str(policy.retention["security"]))
    shape = etree.SubElement(entity, named("形式特征"))
    _add(shape, "件数", str(len(items)))
    counted = pages(items)
    _add(shape, "页数", "" if counted is None else str(counted))
    _add(shape, "语种", "汉语")
    _add(entity, "存储位置", dossier.paper_place)
    _add(entity, "权限管理", str(policy.access["union"]["rule"]))


def _item(block: etree._Element, item: Item, electronic: Electronic, policy: Policy) -> None:
    entity = etree.SubElement(block, named("文件实体"))
    _add(entity, "聚合层次", "文件")
    _add(entity, "电子文件号", item.number)
    place = etree.SubElement(entity, named("档号"))
    _add(place, "档号值", item.number)
    _add(place, "件号", str(item.place))
    about = etree.SubElement(entity, named("内容描述"))
    _add(about, "题名", item.paper.title or "未题名")
    _add(about, "文件编号", item.paper.document_no)
    _add(about, "责任者", item.paper.responsible)
    _add(about, "日期", item.paper.dated.isoformat() if item.paper.dated else "")
    _add(about, "密级", str(policy.retention["security"]))
    shape = etree.SubElement(entity, named("形式特征"))
    _add(shape, "页数", "" if item.paper.pages is None else str(item.paper.pages))
    _add(shape, "语种", "汉语")
    held = etree.SubElement(entity, named("文件数据"))
    for file in item.paper.files:
        size, digest = electronic[item.path(file)]
        facts = etree.SubElement(held, named("电子属性"))
        _add(facts, "计算机文件名", f"data/{item.path(file)}")
        _add(facts, "计算机文件大小", str(size))
        _add(facts, "格式信息", file.name.rpartition(".")[2].lower())
        _add(facts, "摘要算法", "SHA-256")
        _add(facts, "摘要值", digest)
    _add(entity, "附注", item.paper.converted)


def _act(block: etree._Element, event: Mapping[str, str]) -> None:
    act = etree.SubElement(block, named("业务实体"))
    _add(act, "业务状态", "历史行为")
    _add(act, "业务行为", event["业务行为"])
    _add(act, "行为时间", event["行为时间"])
    _add(act, "行为依据", event["行为依据"])
    _add(act, "行为描述", event["eventType"])


def named(local: str) -> str:
    """The name of an element of the standard, with its namespace."""
    return f"{{{NAMESPACE}}}{local}"


def _add(parent: etree._Element, local: str, text: str) -> None:
    etree.SubElement(parent, named(local)).text = text


def _text(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)

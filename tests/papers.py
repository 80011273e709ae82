"""Made-up households for the tests of papers: the worked examples of the service centre's own documents."""

from __future__ import annotations

import dataclasses
from datetime import date

from formgen.household import AidRequest, Case, Expense, Income, Means, Member, Union
from formgen.model import Amount, Clause, Decision, ExpenseLine, Figures, IncomeLine, Line

UNION = Union(
    name="示例市机械厂工会",
    level="基层",
    higher="示例市总工会",
    hotline="0550-3012388",
    address="示例市城关区人民路1号",
    contact="赵敏",
    phone="0550-3012345",
)
LI = Case(
    row=2,
    case_no="AH-0001",
    applied_on=date(2019, 3, 1),
    name="李明",
    sex="男",
    id_number="341100197501010015",
    worker_kind="在职职工",
    employer="示例市机械厂",
    union="示例市机械厂工会",
    union_contact="赵敏",
    union_contact_phone="0550-3012345",
    address="示例市城关区人民路2号3幢401室",
    phone="13800000001",
    area="示例市城关区",
    household_size=3,
    causes=("患病", "子女上学"),
    cause_note="本人患病住院、女儿上大学",
    hardship_text="本人患病住院，女儿在读大学，靠夫妻工资维持。",
    aid_applied=("大病救助", "助学救助"),
    aid_granted=("大病救助",),
    event="突发重大疾病",
    event_person="本人",
    authorized=True,
    pledged=True,
    card_number="6222021234567890128",
    bank="中国工商银行示例市城关支行",
    notice_from=date(2019, 3, 1),
    aid_amount=500000,
    members=(
        Member(
            row=2,
            name="李明",
            relation="本人",
            id_number="341100197501010015",
            lives_together=True,
            in_register=True,
            employment="在职",
            workplace="示例市机械厂",
        ),
        Member(
            row=3,
            name="王芳",
            relation="配偶",
            id_number="341100197603030025",
            lives_together=True,
            in_register=True,
            employment="在职",
            workplace="示例市纺织厂",
        ),
        Member(
            row=4,
            name="李小雨",
            relation="女",
            id_number="341100199905050047",
            lives_together=True,
            in_register=True,
            employment="在校学生",
            workplace="示例大学",
            schooling="公办",
        ),
    ),
    incomes=(
        Income(row=2, name="李明", kind="工资性", year=2018, amount=3600000, basis="实发", proof="银行流水"),
        Income(row=3, name="王芳", kind="工资性", year=2018, amount=2632000, basis="实发", proof="工资发放清单"),
    ),
    expenses=(
        Expense(
            row=2,
            name="李明",
            kind="医疗",
            year=2018,
            amount=3530000,
            for_event=True,
            receipt="YL-001",
            proof="出院小结、医疗发票",
        ),
        Expense(row=3, name="李小雨", kind="大学教育", year=2018, amount=470000, receipt="JY-001", proof="缴费凭证"),
    ),
    means=Means(
        row=2,
        homes=1,
        business_premises=False,
        employs_others=False,
        uses_machines=False,
        homes_checked=True,
        vehicles_checked=True,
        business_checked=True,
        checked_on=date(2019, 3, 4),
        visitor="孙丽",
        visited_on=date(2019, 3, 5),
    ),
    requests=(
        AidRequest(
            row=2,
            applied_on=date(2019, 9, 1),
            change="加重",
            change_reason="再次住院",
            aid_wanted="大病救助",
            pledged=True,
        ),
    ),
)
LI_DECISION = Decision(
    case_no="AH-0001",
    tier="全总级",
    status="auto",
    branch="5(一)3",
    branches=("5(一)3", "5(二)"),
    figures=Figures(
        size=3,
        income_year=2018,
        income_total=6232000,
        deducted=(("因病支出", 3530000), ("子女上学学费", 470000)),
        incomes=(
            IncomeLine(2, 2, "本人1", "工资性", 3600000, None, None, 3600000),
            IncomeLine(3, 3, "配偶1", "工资性", 2632000, None, None, 2632000),
        ),
        expenses=(
            ExpenseLine(2, "本人1", "医疗", 3530000, 3530000, True),
            ExpenseLine(3, "女1", "大学教育", 470000, 470000),
        ),
        pre=Amount(6232000, 36),
        post=Amount(2232000, 36),
    ),
    line=Line(63900, date(2018, 1, 1), "示例〔2018〕1号", "示例市"),
    possible=("全总级",),
    flags=("AMB-03",),
    aid_candidates=("大病救助", "助学救助", "生活救助"),
    notice_days=5,
    funds=("中央财政帮扶资金", "其他来源帮扶资金"),
    clauses=(
        Clause(
            "5(一)3",
            "皖工发〔2017〕51号 第五条（一）3",
            "家庭人均月收入在当地最低生活保障标准3倍（含）以下…",
            "620",
            "<=",
            "639",
            True,
            "19.00",
            "684.00",
        ),
    ),
    rules_until=date(2018, 12, 18),
)

REFUSED = dataclasses.replace(
    LI_DECISION,
    tier="不符合",
    branch="5",
    clauses=(
        Clause(
            "5(二)",
            "皖工发〔2017〕51号 第五条（二）",
            "……在当地低保线1.5倍（含）以内。",
            "1000",
            "<=",
            "958.5",
            False,
            "-41.50",
            "-1494.00",
        ),
    ),
)
WAITING = dataclasses.replace(
    LI_DECISION,
    tier="待定",
    status="insufficient",
    missing=("案件!诚信承诺", "家庭成员!走访核实(女1)", "信息比对!车辆已查"),
    possible=("全总级", "省总级"),
)
DECISIONS = {"refusal": REFUSED, "missing": WAITING}

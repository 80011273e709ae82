"""The published examples of the law as cases: read from a folder named by FORMGEN_SHARED, which need not be there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from formgen.household import Case, Expense, Income, Means, Member, Resolution, Setting, Standard, Vehicle

AREA = "测试市"
EXPENSES = {
    "medical_selfpaid": "医疗",
    "university": "大学教育",
    "accident": "意外",
    "disability": "残疾",
    "single_parent": "单亲",
    "other_special": "其他必须",
}


def read(folder: Path) -> Iterator[tuple[str, tuple, Mapping]]:
    """Each example on eligibility: its name, (case, standards, settings) and what is expected."""
    rows = json.loads((folder / "spec" / "cases" / "anhui.json").read_text(encoding="utf-8"))
    base = rows[0]["input"]
    for row in rows[1:]:
        if "tier" in row["expected"]:
            given = base | row["input"]
            given["expenses"] = base["expenses"] | row["input"].get("expenses", {})
            yield row["id"], convert(given, row.get("config") or {}, row.get("workbook") or {}), row["expected"]


def fen(text: str | None) -> int | None:
    """Yuan as a string in fen, None for unknown."""
    return None if text is None else int((Decimal(text) * 100).to_integral_exact())


def convert(
    given: Mapping, config: Mapping, workbook: Mapping
) -> tuple[Case, tuple[Standard, ...], tuple[Setting, ...]]:
    """One example as a case with its tables."""
    day = date.fromisoformat(given["application_date"])
    migrant = given["applicant_type"] == "农民工"
    retiree = given["retiree"]
    case = Case(
        case_no="T-1",
        applied_on=day,
        worker_kind="农民工" if migrant else "退休人员" if retiree != "否" else "在职职工",
        retiree_management=retiree if retiree != "否" else None,
        area=AREA,
        home_area="家乡市" if "home_dibao_line" in given else None,
        residence_kind="农村" if given["non_urban_hukou"] else "城镇",
        registered_poor=given["registered_poor"],
        union_member=given["union_member"],
        wages_main_income=given["wage_main_income"],
        employed_since=before(day, given["labour_months"]),
        employment_proof="劳动合同",
        household_size=given["household_size"],
        subsistence_household=given["dibao_household"],
        government_relief=given["government_relief"],
        months_below_line=given["months_below_line"],
        visit_confirms_hardship=given["visit_confirms_hardship"],
        event=given["sudden_event"] or "无",
        event_person=given["victim"],
        compensated=given["compensated_in_full"],
        extreme_disaster=given["extreme_disaster_finding"],
        investments=fen(given["investment_net_assets"]),
        savings=fen(given["savings"]),
        authorized=given["authorisation"],
        pledged=given["commitment"],
        dishonest_year=given["dishonest_year"],
        members=tuple(members(given)),
        incomes=tuple(incomes(given)),
        expenses=tuple(expenses(given)),
        means=means(given),
        vehicles=tuple(
            Vehicle(price=fen(v["price"]), bought="致困前" if v["owned_before_hardship"] else "致困后", use="自用")
            for v in given["vehicles"]
        ),
        resolutions=tuple(resolutions(given, workbook)),
    )
    return case, tuple(standards(given, workbook)), tuple(settings(given, config))


def before(day: date, months: int) -> date:
    """The day that many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, day.day)


def members(given: Mapping) -> Iterator[Member]:
    """The worker, then those without proof of income, then pupils up to the size of the household."""
    size = given["income_person_count"] or given["household_size"]
    yield Member(
        name="职工甲",
        relation="本人",
        lives_together=True,
        in_register=True,
        employment="失业" if given["refusals_within_12m"] else "在职",
        able_bodied=given["able_bodied"],
        refusals=given["refusals_within_12m"],
    )
    odd = given["members_without_proof"]
    for n, one in enumerate(odd):
        work = {"无业有劳动能力": "无业", "在业无法核实": "在职", "农民工农村配偶": "居住农村配偶"}[one["kind"]]
        yield Member(
            name=f"成员{n}",
            relation="配偶" if n == 0 else "兄弟",
            lives_together=True,
            in_register=True,
            employment=work,
            able_bodied=True,
            special_proof=one.get("special_proof"),
        )
    school = "自费留学" if given["selffunded_abroad"] else "高收费民办" if given["highfee_school"] else "公办"
    for n in range(size - 1 - len(odd)):
        yield Member(
            name=f"孩子{n}",
            relation="子",
            lives_together=True,
            in_register=True,
            employment="在校学生",
            schooling=school if n == 0 else "公办",
        )


def incomes(given: Mapping) -> Iterator[Income]:
    """The rows of income; each is proven or, for those without proof, 无法提供."""
    basis = {"net": "实发", "gross": "应发", None: None}[given["wage_basis"]]
    yield Income(
        name="职工甲",
        kind="工资性",
        amount=fen(given["wages_year"]),
        basis=basis,
        tax=fen(given["income_tax_year"]),
        insurance=fen(given["employee_social_insurance_year"]),
        last_12_months=fen(given.get("income_year_alt_last12m")),
        proof="银行流水",
    )
    for key, kind in (("business", "经营净"), ("property", "财产净"), ("transfer", "转移净")):
        if given[f"{key}_net_year"] != "0":
            yield Income(name="职工甲", kind=kind, amount=fen(given[f"{key}_net_year"]), proof="单位证明")
    for n, one in enumerate(given["members_without_proof"]):
        if one["kind"] == "在业无法核实":
            yield Income(name=f"成员{n}", kind="工资性", proof="无法提供")


def expenses(given: Mapping) -> Iterator[Expense]:
    """The claimed expenses: what the examples give net is the whole of a row."""
    for key, kind in EXPENSES.items():
        amount, paid, outside, compensation = given["expenses"][key], 0, 0, 0
        if amount == "0":
            continue
        total = fen(amount)
        if key == "medical_selfpaid" and "medical_total" in given:
            total, paid, outside = (fen(given[k]) for k in ("medical_total", "insurance_paid", "out_of_catalogue"))
        if key == "accident" and "accident_gross" in given:
            total, compensation = fen(given["accident_gross"]), fen(given["compensation_received"])
        yield Expense(
            name="孩子0" if key == "university" else "职工甲",
            kind=kind,
            amount=total,
            insurance_paid=paid,
            outside_catalogue=outside,
            compensation=compensation,
            proof="无" if amount is None else "票据",
        )
    if "highschool_tuition_claimed" in given:
        yield Expense(name="孩子0", kind="其他教育", amount=fen(given["highschool_tuition_claimed"]), proof="票据")


def means(given: Mapping) -> Means:
    """What the means check found."""
    area = given["home_area_per_capita"]
    return Means(
        homes=given["homes"],
        home_area_per_head=None if area is None else Decimal(area),
        business_premises=given["commercial_property"],
        employs_others=given["employs_others"],
        uses_machines=given["regular_use_machine"],
        homes_checked=given["check_house"],
        vehicles_checked=given["check_vehicle"],
        business_checked=given["check_business"],
    )


def resolutions(given: Mapping, workbook: Mapping) -> Iterator[Resolution]:
    """What bodies decided."""
    if given["collective_exclusion"]:
        yield Resolution(
            matter="不予建档",
            body="县总工会",
            level="基层",
            decided_on=date(2019, 3, 5),
            minutes="1",
            agreed=True,
            endorsed=True,
        )
    for row in workbook.get("集体研究", ()):
        yield Resolution(
            matter=row["事项"],
            body=row["决定机构"],
            level=row["级别"],
            decided_on=date.fromisoformat(row["日期"]),
            minutes=row["纪要编号"],
            agreed=row["结论"] == "同意",
            tier=row.get("核定级别"),
        )


def standards(given: Mapping, workbook: Mapping) -> Iterator[Standard]:
    """The figures in force, and those the example adds."""
    first = date(2018, 1, 1)
    common = {
        "minimum_wage": fen(given["min_wage_month"]),
        "rural_income": fen(given["rural_income_year"]),
        "housing_area": Decimal(given["min_housing_area"]),
    }
    if given["dibao_line_month"] is not None:
        yield Standard(area=AREA, since=first, subsistence_line=fen(given["dibao_line_month"]), source="示例", **common)
    if "home_dibao_line" in given:
        yield Standard(
            area="家乡市", since=first, subsistence_line=fen(given["home_dibao_line"]), source="示例", **common
        )
    for row in workbook.get("当地标准", ()):
        yield Standard(
            area=AREA,
            since=date.fromisoformat(row["生效日期"]),
            subsistence_line=int(row["月低保标准"]) * 100,
            minimum_wage=int(row["月最低工资"]) * 100,
            source=row["依据文号"],
        )


def settings(given: Mapping, config: Mapping) -> Iterator[Setting]:
    """The choices of the city."""
    chosen = {}
    if config.get("b3_deduct_scope") == "accident_only":
        chosen["意外致困扣除范围"] = "仅意外支出"
    if "shi_multiple" in config:
        chosen["市总级倍数"] = config["shi_multiple"]
    if given["unsocialised_retiree_allowed"] is not None:
        chosen["未社会化退休人员纳入"] = "是" if given["unsocialised_retiree_allowed"] else "否"
    for subject, choice in chosen.items():
        yield Setting(area=AREA, subject=subject, choice=choice, since=date(2018, 1, 1), source="示例")

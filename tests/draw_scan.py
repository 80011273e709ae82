"""Draws the made-up scan of the sample, the approval of a withdrawal: ``python -m tests.draw_scan``.

It is what a clerk would put into the folder of enclosures; nobody on it exists. The file is kept, not drawn anew in
tests: its bytes depend on the fonts of the machine.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from formgen.pdf import fonts

TARGET = Path(__file__).resolve().parents[1] / "input" / "样例附件" / "AH-0016" / "13-脱困撤档审批表.jpg"
WIDTH, HEIGHT = 1240, 1754  # A4 at 150 dpi
ROWS = (
    ("档案编号", "AH-0016"),
    ("职工姓名", "邹海燕"),
    ("工作单位", "示例市机械厂"),
    ("建档日期", "2019年3月15日"),
    ("致困原因", "子女上学"),
    ("脱困情形", "因子女上学致困建档，受助家庭子女已毕业就业\n（皖工发〔2017〕51号第十三条（一）1）"),
    ("收入核查", "家庭人均可支配收入2020年5月至10月连续6个月\n超过当地低保标准，家庭生活状况脱离困境"),
    ("基层工会意见", "情况属实，同意列入脱困档案。\n\n示例市机械厂工会　2020年11月10日"),
    ("上级工会意见", "同意撤档。批准文号：示工〔2020〕12号\n\n示例市总工会　2020年11月20日"),
)
INK, RED = (40, 40, 44), (190, 40, 40)


def font(role: str, size: int) -> ImageFont.FreeTypeFont:
    """A font of the machine for a role, in pixels."""
    return ImageFont.truetype(str(fonts.stack(role).sources[0].path), size)


def page() -> Image.Image:
    """The approval as paper, with two stamps, a little askew as scans are."""
    made = Image.new("RGB", (WIDTH, HEIGHT), (250, 249, 246))
    pen = ImageDraw.Draw(made)
    pen.text((WIDTH / 2, 150), "困难职工脱困（撤档）审批表", INK, font("小标宋", 52), anchor="mm")
    pen.text((WIDTH / 2, 215), "（样例，内容为编造）", INK, font("仿宋", 28), anchor="mm")
    top = 270
    for label, text in ROWS:
        height = 84 + 44 * text.count("\n") + (60 if "意见" in label else 0)
        pen.rectangle((120, top, 1120, top + height), outline=INK, width=2)
        pen.line((340, top, 340, top + height), INK, 2)
        pen.text((230, top + height / 2), label, INK, font("黑", 30), anchor="mm")
        pen.multiline_text((370, top + height / 2), text, INK, font("仿宋", 30), anchor="lm", spacing=12)
        if "意见" in label:
            _stamp(pen, 1000, top + height - 70, text.split("\n")[-1].split("　")[0])
        top += height
    return made.rotate(0.4, resample=Image.Resampling.BICUBIC, fillcolor=(250, 249, 246))


def _stamp(pen: ImageDraw.ImageDraw, x: int, y: int, unit: str) -> None:
    pen.ellipse((x - 90, y - 90, x + 90, y + 90), outline=RED, width=6)
    pen.text((x, y - 20), "★", RED, font("黑", 44), anchor="mm")
    pen.text((x, y + 30), unit, RED, font("宋", 18), anchor="mm")


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    page().convert("RGB").save(TARGET, "JPEG", quality=60, optimize=True, dpi=(150, 150))

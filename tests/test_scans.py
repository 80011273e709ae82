"""The folder of scans: material codes by number or by word, pages of one paper together, nothing foreign taken in."""

from formgen.keep import policy, scans
from formgen.keep.dossier import File


def taken(folder, names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
    papers, found = scans.papers(folder, policy.default(), "AH-1")
    return {(paper.code, paper.title): [file.origin for file in paper.files] for paper in papers}, found


def test_numbered_pages_of_one_paper_are_one_item_in_counting_order(tmp_path):
    papers, _ = taken(tmp_path, ["03-身份证10.jpg", "03-身份证2.jpg", "03-身份证1.jpg"])
    assert papers == {("03", "身份证"): ["03-身份证1.jpg", "03-身份证2.jpg", "03-身份证10.jpg"]}


def test_a_word_in_the_name_tells_the_material_and_the_rest_is_other(tmp_path):
    papers, _ = taken(tmp_path, ["出院小结.jpg", "工资流水.pdf", "户口本（1）.jpg", "IMG_0001.jpg", "撤档批文.pdf"])
    assert {code for code, _ in papers} == {"06", "05", "03", "15", "13"}


def test_a_bare_code_takes_the_title_of_its_material(tmp_path):
    papers, _ = taken(tmp_path, ["07.jpg"])
    assert list(papers) == [("07", "[公示材料]")]  # a title of ours stands in brackets: DA/T 22-2015


def test_a_title_holds_only_what_can_be_printed(tmp_path):
    papers, _ = taken(tmp_path, ["14-换\n行\x01.jpg", "03-\x02.jpg"])
    assert list(papers) == [("03", "[家庭成员身份证明材料]"), ("14", "换 行")]


def test_an_unknown_code_is_no_code(tmp_path):
    papers, _ = taken(tmp_path, ["88-某某.jpg"])
    assert [code for code, _ in papers] == ["15"]


def test_system_files_are_left_out_and_links_refused(tmp_path):
    (tmp_path / "link.jpg").symlink_to(tmp_path / "elsewhere")
    papers, found = taken(tmp_path, [".DS_Store", "Thumbs.db", "~$a.docx"])
    assert papers == {}
    assert sorted(finding.code for finding in found) == ["E713", "W706", "W706", "W706"]


def test_names_in_the_bag_are_plain_whatever_the_scan_was_called(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "张三 身份证.JPG").write_bytes(b"x")
    papers, _ = scans.papers(tmp_path, policy.default(), "AH-1")
    assert papers[0].files == (File("p01.jpg", tmp_path / "x" / "张三 身份证.JPG", "张三 身份证.JPG"),)


def test_a_pdf_is_an_item_of_its_own_so_that_each_has_its_pages_in_pdf_a(tmp_path):
    for name in ("03-身份证1.jpg", "03-身份证2.jpg", "03-身份证3.pdf", "03-身份证4.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    papers, _ = scans.papers(tmp_path, policy.default(), "AH-1")
    held = [[file.origin for file in paper.files] for paper in papers]
    assert held == [["03-身份证1.jpg", "03-身份证2.jpg"], ["03-身份证3.pdf"], ["03-身份证4.pdf"]]
    assert {paper.title for paper in papers} == {"身份证"}

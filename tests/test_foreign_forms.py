"""Forms of other makers: name their folder in FORMGEN_FOREIGN_FORMS (they are public, but no part of the project)."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("FORMGEN_FOREIGN_FORMS", "")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not FOLDER, reason="FORMGEN_FOREIGN_FORMS names no folder of public PDF forms")
def test_every_field_is_filled_right_or_refused_with_a_reason():
    pytest.importorskip("pypdfium2")
    from tests import foreign_forms

    tally = foreign_forms.run(Path(FOLDER))
    assert tally.files["filled"] >= 200
    assert tally.wrong == []
    refused = sum(count for verdict, count in tally.fields.items() if verdict.startswith("refused"))
    assert tally.fields["right"] > 50 * refused

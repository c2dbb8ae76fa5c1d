"""Numbers as a sheet shows them."""

from __future__ import annotations

import pytest

from vasi.knowledge.parse.number_format import show


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (4.2, "General", "4.2"),
        (1250.0, "General", "1250"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.8910000001, "General", "1234567.891"),
        (19.99 * 3, "General", "59.97"),
        (-2_000_000 / 3, "General", "-666666.6667"),
        (9.99999999999, "General", "10"),
        (0.000123, "General", "0.000123"),
        (12345678901.5, "General", "12345678902"),
        (-3.0, "0", "-3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (2.675, "0.00", "2.68"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (1500.0, '#,##0.00 "kg"', "1,500.00 kg"),
        (12.5, "[$€-407] #,##0.00", "€ 12.50"),
        (12.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "$12.50"),
        (-12.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "($12.50)"),
        (0.0, '#,##0;-#,##0;"none"', "none"),
        (1_500_000.0, '0.0,,"m"', "1.5m"),
        (7.0, "000", "007"),
        (5551234.0, "000-0000", "555-1234"),
        (0.5, "#.##", "0.5"),
        (12345.0, "0.00E+00", "1.23E+04"),
        (0.25, "# ?/?", "0.25"),
        (-0.001, "0.00", "0.00"),
        (45446.0, "yyyy-mm-dd", "2024-06-03"),
        (45446.0, "d. mmmm yyyy", "3. June 2024"),
        (45446.0, "dddd, d-mmm-yy", "Monday, 3-Jun-24"),
        (45446.5, "m/d/yyyy h:mm AM/PM", "6/3/2024 12:00 PM"),
        (45446.75, "dd.mm.yy hh:mm:ss", "03.06.24 18:00:00"),
        (0.0625, "mm:ss", "30:00"),
        (1.5, "[h]:mm", "36:00"),
        (1.0, "yyyy-mm-dd", "1900-01-01"),
        (61.0, "yyyy-mm-dd", "1900-03-01"),
        (1e300, "yyyy", "1E+300"),
        (float("nan"), "0", ""),
        (3.0, "@", "3"),
    ],
)
def test_numbers_are_shown_by_their_formats(value: float, code: str, shown: str) -> None:
    assert show(value, code).lower() == shown.lower()


def test_dates_may_count_from_1904() -> None:
    assert show(43984.0, "yyyy-mm-dd", since_1904=True) == "2024-06-03"


@pytest.mark.parametrize(
    "code", ["", ";;;", "[", '"', "\\", "[Red]", "_", "*", "0;;;;;0", "?" * 600, "E+", ",,,", "%%%"]
)
@pytest.mark.parametrize("value", [0.0, -1.5, 45446.3, 1e18])
def test_strange_codes_are_survived(code: str, value: float) -> None:
    assert len(show(value, code)) < 1_000

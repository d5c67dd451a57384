# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What the glucose templates are compared with: rules of the same published limits, simpler."""

# mg/dL and mmol/L as published (American Diabetes Association, Standards of Care, section 6).
LEVEL_2_LOW, LEVEL_1_LOW = ("54", "3.0"), ("70", "3.9")
LEVEL_1_HIGH, LEVEL_2_HIGH = ("180", "10.0"), ("250", "13.9")
# Dead bands of ISO 15197:2013: 15 mg/dL (0.83 mmol/L) below 100 mg/dL, 15 % above.
CLEAR_LOW, CLEAR_HIGH = ("85", "4.8"), ("153", "8.5")
COOL_DOWN_HOURS = 4
TEXT = {"sv": "Jämförelse", "en": "Comparator"}


def compare(comparison, pair):
    return {"measure": "value", "signal": "glucose", "is": comparison,
            "limits": [{"value": pair[0], "unit": "mg/dL"}, {"value": pair[1], "unit": "mmol/L"}]}


def rule(identity, levels, clear=None, cool_down_hours=0):
    """levels: (priority, condition), ungated, as simple systems have them."""
    document = {"format": 2, "id": identity, "version": 1, "condition": "diabetes", "title": TEXT,
                "source": ["comparator of this study; not for patients"],
                "levels": [{"priority": priority, "gate": "none", "when": when,
                            "text": {"clinician": TEXT, "patient": TEXT}}
                           for priority, when in levels]}
    if clear:
        document["clear"] = {"when": clear}
    if cool_down_hours:
        document["cool_down"] = {"value": str(cool_down_hours), "unit": "h"}
    return document


def plain(has_hysteresis, has_cool_down):
    """The published levels with this product's priorities."""
    return both_sides((("P3", LEVEL_1_LOW), ("P1", LEVEL_2_LOW)),
                      (("P3", LEVEL_1_HIGH), ("P2", LEVEL_2_HIGH)), has_hysteresis, has_cool_down)


def four_levels(has_hysteresis, has_cool_down):
    """Red and yellow on both sides, as OpenTele has them: red is P1 here, yellow P2."""
    return both_sides((("P2", LEVEL_1_LOW), ("P1", LEVEL_2_LOW)),
                      (("P2", LEVEL_1_HIGH), ("P1", LEVEL_2_HIGH)), has_hysteresis, has_cool_down)


def both_sides(low, high, has_hysteresis, has_cool_down):
    hours = COOL_DOWN_HOURS if has_cool_down else 0
    return [rule("low", [(p, compare("below", pair)) for p, pair in low],
                 compare("at-least", CLEAR_LOW) if has_hysteresis else None, hours),
            rule("high", [(p, compare("above", pair)) for p, pair in high],
                 compare("at-most", CLEAR_HIGH) if has_hysteresis else None, hours)]


def low_with(clear, cool_down_hours, gate="none"):
    """The low side alone, for choosing its clear limit and cool-down."""
    document = rule("low", [("P3", compare("below", LEVEL_1_LOW)),
                            ("P1", compare("below", LEVEL_2_LOW))],
                    clear and compare("at-least", clear), cool_down_hours)
    document["levels"][0]["gate"] = gate
    return [document]


def high_repeated(at_least, of, spacing_hours, cool_down_hours=0):
    """Above level 2 so many times of so many, as a P2."""
    repeated = {"at_least": at_least, "window": {"readings": of},
                "of": compare("above", LEVEL_2_HIGH)}
    if spacing_hours:
        repeated["spacing"] = {"value": str(spacing_hours), "unit": "h"}
    condition = {"repeated": repeated} if of > 1 else compare("above", LEVEL_2_HIGH)
    return [rule("high", [("P2", condition)], None, cool_down_hours)]


def beyond(value, red_and_yellow):
    """Priority of one reading by itself, as a system without memory colours it; None: none."""
    if value == "LO":
        return "P1"
    if value == "HI":
        return "P1" if red_and_yellow else "P2"
    number = int(value)
    if number < int(LEVEL_2_LOW[0]):
        return "P1"
    if number > int(LEVEL_2_HIGH[0]):
        return "P1" if red_and_yellow else "P2"
    if number < int(LEVEL_1_LOW[0]) or number > int(LEVEL_1_HIGH[0]):
        return "P2" if red_and_yellow else "P3"
    return None

"""A place may be given as an ISO code or as the id of its law, so that only the law is kept."""

import pytest


def test_p1_2_4a_the_law_of_a_place_stands_for_the_place(policy):
    for code in policy.places:
        law = policy.jurisdiction(code).id
        assert policy.jurisdiction(law).id == law
        assert policy.laws(law, None) == policy.laws(code, None)
        assert policy.joint(law, "DE") == policy.joint(code, "eu")


@pytest.mark.parametrize("code", [None, "", "ZZ", "eu-xx", "EU", "unknown"])
def test_p3_1b_what_nobody_knows_is_the_strictest_as_a_code_and_as_an_id(policy, code):
    assert policy.jurisdiction(code).id == "unknown"
    assert policy.joint(code, None) == policy.joint("unknown", None)

"""Which campaigns are proposed: worked out by hand."""

from incidents.publicity import propose_campaigns

# 200 cases in the district, 30 of them of property management (15 %).
DISTRICT = {"0402": 30, "0201": 170}
HERE, THERE = "440105001", "440105002"


def counts(here: int, there: int = 0) -> dict:
    """`here` cases of 40 are of property management in the one street."""
    return {
        (HERE, "0402"): here,
        (HERE, "0201"): 40 - here,
        (THERE, "0402"): there,
        (THERE, "0201"): 160 - there,
    }


def test_a_category_that_makes_up_far_more_than_in_the_district_is_proposed():
    (proposal,) = propose_campaigns(counts(12), DISTRICT, [])
    assert (proposal.area, proposal.category, proposal.count) == (HERE, "0402", 12)
    assert proposal.ratio == 2.0  # 12 where 40 * 15 % = 6 were to be expected


def test_a_few_cases_more_are_chance():
    assert not propose_campaigns(counts(10), DISTRICT, []), "10 < 6 + 2 * sqrt(6)"
    small = {(HERE, "0402"): 4, (HERE, "0201"): 1}
    assert not propose_campaigns(small, {"0402": 5, "0201": 995}, []), "fewer than five say nothing"


def test_what_is_frequent_everywhere_is_not_proposed():
    assert not propose_campaigns({(HERE, "0201"): 34, (HERE, "0402"): 6}, DISTRICT, [])


def test_a_campaign_there_or_around_or_in_a_part_of_it_ends_the_proposal():
    for where in (HERE, "440105", HERE + "003"):
        assert not propose_campaigns(counts(12), DISTRICT, [(where, "0402")]), where
        assert not propose_campaigns(counts(12), DISTRICT, [(where, "04")]), where
    for where, about in ((THERE, "0402"), (HERE, "0201"), (HERE, "")):
        assert propose_campaigns(counts(12), DISTRICT, [(where, about)]), (where, about)


def test_places_are_the_two_parts_with_most_of_it():
    within = {(HERE + "001", "0402"): 2, (HERE + "002", "0402"): 7, (HERE + "003", "0402"): 3}
    within |= {(THERE + "001", "0402"): 9, (HERE + "004", "0201"): 30}
    (proposal,) = propose_campaigns(counts(12), DISTRICT, [], within)
    assert proposal.places == ((HERE + "002", 7), (HERE + "003", 3))


def test_the_clearest_stands_first_and_no_cases_propose_nothing():
    # 60 of 160 there, where 160 * 60 / 260 = 37 were to be expected; the 12 here stand out less.
    both = counts(12) | {(THERE, "0301"): 60, (THERE, "0201"): 100}
    found = propose_campaigns(both, DISTRICT | {"0301": 60}, [])
    assert [(proposal.area, proposal.category) for proposal in found] == [(THERE, "0301"), (HERE, "0402")]
    assert propose_campaigns({}, {}, []) == []

"""Random casework on the real database: anybody does anything to any case at any time.

Each example is a transaction that is rolled back. After each step the cases that it touched are looked at;
after a sweep, all of them.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from grids.errors import GridsError
from grids.hierarchy import Level, code_at, level_of
from grids.models import User
from incidents.errors import (
    AgreementConfirmed,
    AgreementNotWritten,
    ConfirmationTooLate,
    FieldsInvalid,
    HandBacksExhausted,
    IncidentsError,
    ReferralPending,
)
from incidents.models import CalendarDay, Dispute, DisputeEvent
from incidents.permissions import LEVEL_ROLES
from incidents.policies import policy_book
from incidents.policy import COLOURS, DEFAULT_POLICY, Span, TimeLimit, Unit
from incidents.policy_data import to_data
from incidents.risk import RiskWeights
from incidents.services import escalate_overdue, take_action
from incidents.services import measures_taken as measures
from incidents.services.changes import due_at_of
from incidents.services.handover import hand_over
from incidents.services.nightly_risk import reassess_open_risks
from incidents.services.policy import remove_calendar_day, save_policy, set_calendar_day
from incidents.services.recalculation import recalculate_due_times
from incidents.services.referrals import answer_referral, lapse_referrals, receive_referral, refer_out
from incidents.workflow import ENDED, TRANSITIONS, Action, Move, State, allowed_actions
from tests.factories.disputes import NOW, make_dispute
from tests.factories.legal import ask_court
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import (
    COMMUNITY_1,
    COMMUNITY_2,
    COMMUNITY_3,
    DISTRICT,
    STREET_1,
    STREET_2,
    UNITS,
    make_territory,
)
from tests.property.written_things import BY_ALL, FROM_ABOVE, WRITTEN, settle_bodies

MOST_OPEN, MOST_CASES = 4, 10
# How many steps of which kind were taken, and how they ended: over all examples of a run.
TALLY: Counter[str] = Counter()
# What forbids an action that state, level and duty permit.
FORBIDDEN_BY_RULE = (
    HandBacksExhausted, ConfirmationTooLate, AgreementConfirmed, AgreementNotWritten, ReferralPending,
)  # fmt: skip

# Who has which cases. The oracle of what is permitted is this table, and not what the rules say of duties.
DUTIES = {
    "worker": (Level.GRID, UNITS[0]), "worker_2": (Level.GRID, UNITS[1]), "worker_3": (Level.GRID, UNITS[2]),
    "worker_5": (Level.GRID, UNITS[4]), "mediator": (Level.COMMUNITY, COMMUNITY_1),
    "mediator_b": (Level.COMMUNITY, COMMUNITY_1), "mediator_2": (Level.COMMUNITY, COMMUNITY_2),
    "mediator_3": (Level.COMMUNITY, COMMUNITY_3), "street": (Level.STREET, STREET_1),
    "street_b": (Level.STREET, STREET_1), "street_2": (Level.STREET, STREET_2),
    "district": (Level.DISTRICT, DISTRICT), "district_b": (Level.DISTRICT, DISTRICT),
}  # fmt: skip
PEOPLE = (*DUTIES, "planner", "administrator", "idle")
PERSON = st.sampled_from(PEOPLE)
# Somebody by name, or whoever has the case, or stands above those who have it.
WHO = PERSON | st.sampled_from(["one who has it", "one above"])

# Two who share a duty, as hand-overs need, and anybody else.
COLLEAGUE = st.sampled_from(["mediator", "mediator_b", "street", "street_b"]) | PERSON


def settle_people() -> None:
    """A small district with somebody, or two, on most duties, and some who have no case."""
    make_territory()
    there = make_staff()
    for username in PEOPLE:
        if username in DUTIES and username not in there:
            level, area = DUTIES[username]
            make_user(username, LEVEL_ROLES[level], area)
    make_user("idle")
    settle_bodies()


WHICH = st.integers(0, 11)
MEASURES = (
    "ask_extension", "ask_extension", "grant_extension", "grant_extension", "refuse_extension",
    "agree_to_run_on", "supervise", "end_supervision", "urge", "override_risk", "override_risk",
)  # fmt: skip
# Minutes, hours, days, months: what time passes between two steps.
LATER = st.one_of(st.integers(0, 90), st.integers(0, 3000), st.integers(0, 60_000))
SPANS = st.builds(Span, st.integers(1, 40), st.sampled_from(Unit))
LIMITS = st.builds(TimeLimit, SPANS, SPANS)
STEPS = {
    "somebody_reports": {
        "person": st.sampled_from(sorted(DUTIES)),
        "unit": st.integers(0, 5),
        "address_unit": st.none() | st.integers(0, 5),
        "category": st.sampled_from(["0201", "0402", "0703"]),
        "scale": st.sampled_from(["01", "01", "02", "03"]),
        "injury": st.booleans(),
        "yuan": st.none() | st.sampled_from([Decimal(100), Decimal(60_000), Decimal(900_000)]),
        "source": st.sampled_from(["patrol", "patrol", "police"]),
        "minutes": LATER,
    },
    "anybody_does_anything": {
        "which": WHICH,
        "person": PERSON,
        "action": st.sampled_from(Action),
        "assignee": PERSON,
        "minutes": LATER,
    },
    "who_has_the_case_goes_on": {
        "which": WHICH,
        "chance": st.integers(0, 999),
        "minutes": st.integers(0, 600),
    },
    "anybody_takes_a_measure": {
        "which": WHICH,
        "person": WHO,
        "measure": st.sampled_from(MEASURES),
        "days": st.integers(0, 12),
        "risk": st.sampled_from([*COLOURS, measures.BY_RULE]),
        "minutes": st.integers(0, 600),
    },
    "anybody_refers": {
        "which": WHICH,
        "person": WHO,
        "what": st.sampled_from(["out", "out", "in", "accepted", "declined"]),
        "minutes": st.integers(0, 600),
    },
    "anybody_writes_down": {
        "which": WHICH,
        "person": st.sampled_from(["one who has it"] * 5 + ["one above"]) | WHO,
        "what": st.sampled_from(sorted(WRITTEN)),
        "chance": st.integers(0, 11),
        "minutes": st.integers(0, 600),
    },
    "work_is_handed_over": {"which": WHICH, "person": WHO, "leaver": COLLEAGUE, "successor": COLLEAGUE},
    "the_sweep_runs": {"minutes": LATER},
    "the_night_comes": {"hours": st.integers(0, 80)},
    "the_policy_is_changed": {
        "person": st.sampled_from(["district", "district", "street", "administrator"]),
        "limits": st.dictionaries(st.sampled_from(list(product(Level, COLOURS))), LIMITS, max_size=4),
        "failed": st.integers(1, 3),
        "hand_backs": st.integers(0, 3),
        "red": st.booleans(),
        "days": st.integers(0, 3),
    },
    "the_calendar_is_changed": {"days": st.integers(-31, 20), "worked": st.booleans()},
}
# Nine of ten things that anybody does are forbidden, and what those do who have the case moves it on.
HOW_OFTEN = {
    "anybody_does_anything": 5, "who_has_the_case_goes_on": 9, "anybody_takes_a_measure": 4,
    "anybody_writes_down": 6, "anybody_refers": 2, "the_sweep_runs": 2, "somebody_reports": 2,
}  # fmt: skip
# One rule that chooses: of several, Hypothesis leaves some out of most examples.
STEP = st.sampled_from([name for name in STEPS for _ in range(HOW_OFTEN.get(name, 1))]).flatmap(
    lambda name: st.tuples(st.just(name), st.fixed_dictionaries(STEPS[name]))
)


def goes_forward(action: Action) -> bool:
    transition = TRANSITIONS[action]
    return transition.move is Move.STAY and transition.target not in {*ENDED, State.SUSPENDED}


class Casework(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.users = {user.username: user for user in User.objects.all()}
        self.now = NOW
        self.cases: list = []
        self.ended: set = set()
        self.histories: dict = {}

    def teardown(self):
        with connection.cursor() as cursor:
            # What waits for the commit is checked before all is forgotten.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # What happens ----------------------------------------------------------------------------
    @initialize()
    def begin(self):
        self.report("worker", 0, None, "0201", "01", False, None)

    @rule(step=STEP)
    def something_happens(self, step):
        name, given = step
        getattr(self, name)(**given)

    def somebody_reports(self, minutes, **given):
        open_cases = len(self.cases) - len(self.ended)
        if open_cases == MOST_OPEN or len(self.cases) == MOST_CASES:
            return self.the_sweep_runs(minutes)
        self.now += timedelta(minutes=minutes)
        return self.report(**given)

    def report(self, person, unit, address_unit, category, scale, injury, yuan, source="patrol"):
        where = {} if address_unit is None else {"address": "某路 1 号", "address_unit": UNITS[address_unit]}
        dispute = make_dispute(
            self.users[person], UNITS[unit], now=self.now, occurred_at=self.now, category=category,
            scale=scale, injury_or_threat=injury, amount_yuan=yuan, source=source, **where,
        )  # fmt: skip
        self.cases.append(dispute.pk)
        self.told("report", True)
        self.look_at(dispute.pk)

    def anybody_does_anything(self, which, person, action, assignee, minutes):
        self.act(which, person, action, assignee, minutes)

    def who_has_the_case_goes_on(self, which, chance, minutes):
        dispute = self.case(which)
        people = sorted(self.answering(dispute)) or ["district"]
        actions = allowed_actions(dispute.standing) or [Action.CLOSE]
        if chance % 5:
            # Else most cases would end, or go up and down, before much was done with them.
            actions = [action for action in actions if goes_forward(action)] or actions
        person = people[chance % len(people)]
        self.act(which, person, actions[chance // 3 % len(actions)], person, minutes)

    def act(self, which, person, action, assignee, minutes):
        self.now += timedelta(minutes=minutes)
        dispute = self.case(which)
        answering = self.answering(dispute)
        permitted = person in answering and action in allowed_actions(dispute.standing)
        if action is Action.ASSIGN:
            permitted = permitted and assignee in answering
        refused = self.attempt(
            f"action {action}", ask_court if action is Action.APPLY_CONFIRMATION else take_action, dispute,
            person, action=action, reason="理由", organisation="住建部门", assignee=assignee,
        )  # fmt: skip
        if permitted:
            assert refused is None or isinstance(refused, FORBIDDEN_BY_RULE), refused
        else:
            assert refused is not None, f"{person} may not {action} {dispute.state} at {dispute.level}"
        if refused is None:
            # Failing may send a case on at once; else it stands where the table says.
            after = Dispute.objects.get(pk=dispute.pk)
            target = TRANSITIONS[action].target or State(dispute.state_before_suspension)
            assert after.state == target or action is Action.FAIL and after.state == State.REPORTED

    def anybody_takes_a_measure(self, which, person, measure, days, risk, minutes):
        self.now += timedelta(minutes=minutes)
        more = {
            "ask_extension": {"days": days},
            "agree_to_run_on": {"until": (self.now + timedelta(days=3 * days + 20)).date()},
            "override_risk": {"risk": risk},
        }
        dispute = self.case(which)
        person = self.named(person, dispute)
        service = getattr(measures, measure)
        refused = self.attempt(
            f"measure {measure}", service, dispute, person, reason="理由", **more.get(measure, {})
        )
        own = person in self.answering(dispute)
        above = dispute.level == Level.DISTRICT or self.stands_above(person, dispute)
        if not own and not above:
            assert refused is not None
        if measure in ("ask_extension", "agree_to_run_on") and not own:
            assert refused is not None

    def anybody_refers(self, which, person, what, minutes):
        self.now += timedelta(minutes=minutes)
        dispute = self.case(which)
        person = self.named(person, dispute)
        if what in ("out", "in"):
            reason = {"reason": "属其职责"} if what == "out" else {}
            refused = self.attempt(
                f"refer {what}", refer_out if what == "out" else receive_referral, dispute, person,
                channel="court", organisation="人民法院", **reason,
            )  # fmt: skip
        else:
            refused = self.attempt(
                f"answer {what}", answer_referral, dispute, person, answer=what, reason="理由"
            )
        if person not in self.answering(dispute):
            assert refused is not None

    def anybody_writes_down(self, which, person, what, chance, minutes):
        self.now += timedelta(minutes=minutes)
        dispute = self.case(which)
        person = self.named(person, dispute)
        service, given = WRITTEN[what]
        facts = given(dispute, chance, self.now)
        refused = self.attempt(f"written {what}", service, dispute, person, **facts)
        if what in FROM_ABOVE:
            own = dispute.level == Level.DISTRICT or self.stands_above(person, dispute)
        elif what in BY_ALL:
            own = self.sees(person, dispute)
        else:
            own = person in self.answering(dispute)
        if not own:
            assert refused is not None, f"{person} wrote {what} of a case at {dispute.level}"

    def work_is_handed_over(self, which, person, leaver, successor):
        dispute = self.case(which)
        person, leaver, successor = (self.named(who, dispute) for who in (person, leaver, successor))
        here = Dispute.objects.filter(responsible_area=dispute.responsible_area_id)
        refused = self.try_to(
            hand_over, user=self.users[person], leaver=self.users[leaver], successor=self.users[successor],
            areas=[dispute.responsible_area_id], now=self.now,
        )  # fmt: skip
        self.told("handover", refused is None)
        if refused is None:
            assert successor in self.answering(dispute)
            assert not here.open().filter(assigned_to=self.users[leaver]).exists()
        self.look_at_all()

    # What the system does --------------------------------------------------------------------
    def the_sweep_runs(self, minutes):
        self.now += timedelta(minutes=minutes)
        lapse_referrals(now=self.now)
        run = escalate_overdue(now=self.now)
        self.told("sweep", bool(run.escalated))
        assert not run.failed
        book = policy_book()
        for dispute in Dispute.objects.all():
            if dispute.state in TRANSITIONS[Action.ESCALATE].sources and dispute.level != Level.DISTRICT:
                due_at = due_at_of(dispute, book)
                assert due_at >= self.now, f"{dispute.state} at {dispute.level} was due {due_at}"
        self.look_at_all()

    def the_night_comes(self, hours):
        self.now += timedelta(hours=hours)
        run = reassess_open_risks(now=self.now)
        self.told("night", bool(run.changed))
        self.look_at_all()

    # What the district decides ---------------------------------------------------------------
    def the_policy_is_changed(self, person, limits, failed, hand_backs, red, days):
        policy = replace(
            DEFAULT_POLICY, limits=DEFAULT_POLICY.limits | limits, failed_mediations=failed,
            hand_backs=hand_backs, red_to_street=red, risk=RiskWeights(failed=10 * failed),
        )  # fmt: skip
        day = self.today() + timedelta(days=days)
        refused = self.try_to(
            save_policy,
            user=self.users[person],
            data=to_data(policy),
            valid_from=day,
            reason="理由",
            now=self.now,
        )
        self.told("policy", refused is None)
        assert (refused is None) == (person == "district" and days > 0)
        self.look_at_all()

    def the_calendar_is_changed(self, days, worked):
        day, district = self.today() + timedelta(days=days), self.users["district"]
        if CalendarDay.objects.filter(day=day).exists():
            remove_calendar_day(user=district, day=day)
            refused = None
        else:
            refused = self.try_to(
                set_calendar_day, user=district, day=day, is_workday=worked, name="台风", now=self.now
            )
            assert refused is None or isinstance(refused, FieldsInvalid)
        self.told("calendar", refused is None)
        recalculate_due_times(now=self.now)
        self.look_at_all()

    # What must hold --------------------------------------------------------------------------
    def look_at_all(self):
        for case in self.cases:
            self.look_at(case)

    def look_at(self, case):
        """The case stands legally, and is what its events say, none of which was lost or changed."""
        dispute = Dispute.objects.get(pk=case)
        events = list(DisputeEvent.objects.filter(dispute=case).order_by("version"))
        history = [
            (event.version, event.action, event.at, event.to_state, event.to_level) for event in events
        ]
        known = self.histories.get(case, [])
        assert history[: len(known)] == known, "an event was lost or changed"
        assert [version for version, *_ in history] == list(range(1, dispute.version + 1))
        self.histories[case] = history
        (self.ended.add if dispute.state in ENDED else self.ended.discard)(case)
        standing = dispute.standing
        assert standing.level.rank >= standing.floor.rank == level_of(dispute.home_area_id).rank
        assert dispute.responsible_area_id == code_at(dispute.home_area_id, standing.level)
        assert (dispute.ended_at is not None) == (standing.state in ENDED)
        assert (standing.before_suspension is not None) == (standing.state is State.SUSPENDED)
        is_now, was_told = present(dispute), replayed(dispute, events)
        assert is_now == was_told, {
            name: (is_now[name], was_told[name]) for name in is_now if is_now[name] != was_told[name]
        }

    # -----------------------------------------------------------------------------------------
    def case(self, which) -> Dispute:
        """Mostly one that is open."""
        open_cases = [case for case in self.cases if case not in self.ended] if which % 4 else []
        cases = open_cases or self.cases
        return Dispute.objects.get(pk=cases[which % len(cases)])

    def today(self) -> date:
        return self.now.astimezone(NOW.tzinfo).date()

    def answering(self, dispute: Dispute) -> set[str]:
        """Who answers for `dispute` now."""
        where = (dispute.level, dispute.responsible_area_id)
        return {name for name, duty in DUTIES.items() if duty == where}

    def named(self, who: str, dispute: Dispute) -> str:
        if who in PEOPLE:
            return who
        fits = self.answering(dispute) if who == "one who has it" else filter(
            lambda person: self.stands_above(person, dispute), DUTIES
        )  # fmt: skip
        return min(fits, default="district")

    def stands_above(self, person: str, dispute: Dispute) -> bool:
        _, area = DUTIES.get(person, ("", "nowhere"))
        return len(area) < len(dispute.responsible_area_id) and dispute.responsible_area_id.startswith(area)

    def sees(self, person: str, dispute: Dispute) -> bool:
        _, area = DUTIES.get(person, ("", "nowhere"))
        units = (dispute.grid_unit_id, dispute.address_unit_id or "")
        return dispute.reported_by.username == person or any(unit.startswith(area) for unit in units)

    def attempt(self, name, service, dispute, person, **given) -> Exception | None:
        """What `person` tries with `dispute`: the refusal, which must have changed nothing, or None."""
        refused = self.try_to(service, user=self.users[person], dispute_id=dispute.pk, now=self.now, **given)
        self.told(name, refused is None)
        if refused is not None:
            after = Dispute.objects.get(pk=dispute.pk)
            assert present(after) == present(dispute), "what was refused changed something"
        self.look_at(dispute.pk)
        return refused

    def try_to(self, service, **given) -> Exception | None:
        try:
            with transaction.atomic():
                service(**given)
        except (IncidentsError, GridsError) as refused:
            return refused
        return None

    def told(self, name: str, done: bool) -> None:
        TALLY["steps"] += 1
        TALLY[f"{name.split()[0]} {'done' if done else 'refused or idle'}"] += 1
        TALLY[f"{name}: {'done' if done else 'refused or idle'}"] += 1

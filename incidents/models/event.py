from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import Area, User
from incidents.measures import Measure
from incidents.models.dispute import LEVELS, STATES, Dispute
from incidents.models.labels import EVENT_NAMES, LEVEL_NAMES, REPORT, STATE_NAMES
from incidents.workflow import Action

# Those that the results count: tests hold it together with incidents.results.case_sets.
COUNTED = [
    Action.ACCEPT, Action.CLOSE, Action.CONFIRM, Action.ESCALATE, Action.FAIL, Action.RECORD_AGREEMENT,
    Action.RECORD_BREACH, Action.REFUSE_CONFIRMATION, Action.REOPEN,
]  # fmt: skip
ACTIONS = [REPORT, *(action.value for action in Action), *(measure.value for measure in Measure)]


class DisputeEvent(models.Model):
    """One change of a dispute, written once: a trigger refuses UPDATE, DELETE and TRUNCATE.

    `action` is a workflow action, which may move the case, or a measure, which does not.

    `actor` is null where the system acted. `version` is the dispute's after the event, 1 for the report.
    """

    # The index of `dispute_event_one_per_version` begins with it.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="events", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=24, choices=list(EVENT_NAMES.items()))
    from_state = models.CharField(max_length=20, choices=list(STATE_NAMES.items()), blank=True)
    to_state = models.CharField(max_length=20, choices=list(STATE_NAMES.items()))
    from_level = models.CharField(max_length=9, choices=list(LEVEL_NAMES.items()), blank=True)
    to_level = models.CharField(max_length=9, choices=list(LEVEL_NAMES.items()))
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", help_text=_("这次变更后负责的区域"), db_index=False
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    organisation = models.CharField(_("接收部门"), max_length=100, blank=True)
    reason = models.CharField(_("理由"), max_length=4000, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    # When the step that this event ended was due, None where no clock ran.
    due_at = models.DateTimeField(null=True, blank=True)
    # What the action was about. `set` holds the dispute's columns that a measure changed, as JSON, so that
    # the events still add up to the present. Names no person.
    details = models.JSONField(default=dict, db_default={}, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("纠纷历史")
        verbose_name_plural = _("纠纷历史")
        ordering = ["dispute_id", "version"]
        indexes = [
            models.Index(fields=["at"], name="dispute_event_at"),
            # All that the results look at: read without touching the rows (docs/benchmarks.md).
            models.Index(
                fields=["at", "action"],
                name="dispute_event_counted",
                condition=Q(action__in=[action.value for action in COUNTED]),
                include=["dispute", "from_level", "from_state", "reason_code", "due_at"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "version"], name="dispute_event_one_per_version"),
            models.CheckConstraint(name="dispute_event_action_known", condition=Q(action__in=ACTIONS)),
            # Before the report there is neither state nor level.
            models.CheckConstraint(
                name="dispute_event_states_known",
                condition=Q(from_state__in=["", *STATES], to_state__in=STATES),
            ),
            models.CheckConstraint(
                name="dispute_event_levels_known",
                condition=Q(from_level__in=["", *LEVELS], to_level__in=LEVELS),
            ),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.version} {self.action}"

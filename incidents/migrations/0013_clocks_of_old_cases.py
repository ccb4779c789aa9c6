"""Cases from before the clock knew mediations, agreements and counts: read off their events."""

from django.db import migrations

# A case that moved, was opened again or whose agreement was broken begins a clock of its own. Those that
# know it already keep what they have. A visit after an agreement and the end of a mediation are due as the
# policy says where the district has made none.
FILL_IN = """
WITH anew AS (
    SELECT dispute_id,
           max(version) FILTER (WHERE action IN ('escalate', 'hand_back')) AS moved,
           max(version) AS begun
    FROM incidents_disputeevent
    WHERE action IN ('escalate', 'hand_back', 'reopen', 'record_breach')
    GROUP BY dispute_id
), told AS (
    SELECT e.dispute_id,
           max(e.at) FILTER (
               WHERE e.action = 'begin_mediation' AND e.version > coalesce(anew.begun, 0)
           ) AS mediation_began_at,
           max(e.at) FILTER (
               WHERE e.action = 'record_agreement' AND e.version > coalesce(anew.begun, 0)
           ) AS settled_at,
           count(*) FILTER (WHERE e.action = 'fail') AS failed_mediations,
           count(*) FILTER (
               WHERE e.action = 'fail' AND e.version > coalesce(anew.moved, 0)
           ) AS failed_here,
           count(*) FILTER (WHERE e.action = 'hand_back') AS hand_backs
    FROM incidents_disputeevent e
    LEFT JOIN anew ON anew.dispute_id = e.dispute_id
    WHERE e.action IN ('begin_mediation', 'record_agreement', 'fail', 'hand_back')
    GROUP BY e.dispute_id
)
UPDATE incidents_dispute d
SET mediation_began_at = coalesce(d.mediation_began_at, told.mediation_began_at),
    settled_at = coalesce(d.settled_at, told.settled_at),
    failed_mediations = greatest(d.failed_mediations, told.failed_mediations),
    failed_here = greatest(d.failed_here, told.failed_here),
    hand_backs = greatest(d.hand_backs, told.hand_backs),
    due_at = CASE
        WHEN d.state = 'agreed' AND d.settled_at IS NULL AND told.settled_at IS NOT NULL
            THEN told.settled_at + interval '30 days'
        WHEN d.state = 'mediating' AND d.mediation_began_at IS NULL AND told.mediation_began_at IS NOT NULL
            THEN least(d.due_at, (told.mediation_began_at AT TIME ZONE 'Asia/Shanghai' + interval '1 month')
                                 AT TIME ZONE 'Asia/Shanghai')
        ELSE d.due_at
    END
FROM told
WHERE told.dispute_id = d.id
  AND (d.mediation_began_at IS NULL AND told.mediation_began_at IS NOT NULL
       OR d.settled_at IS NULL AND told.settled_at IS NOT NULL
       OR d.failed_mediations < told.failed_mediations
       OR d.failed_here < told.failed_here
       OR d.hand_backs < told.hand_backs)
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_open_and_ended_lately")]

    operations = [migrations.RunSQL(FILL_IN, migrations.RunSQL.noop)]

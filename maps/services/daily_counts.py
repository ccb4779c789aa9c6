"""Bringing the daily counts up to date: only days of which something changed, unless boundaries did."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from maps.models import CountedBoundaries

# So that two runs do not count the same day twice.
ONE_AT_A_TIME = "LOCK TABLE maps_countedboundaries IN SHARE ROW EXCLUSIVE MODE"

DIGEST = """
SELECT coalesce(md5(string_agg(v.id::text, ',' ORDER BY v.id)), '')
FROM grids_areaversion v JOIN grids_area a ON a.code = v.area_id
WHERE a.level = 'grid' AND v.valid_from <= %(today)s AND (v.valid_to IS NULL OR v.valid_to > %(today)s)
"""

ALL_DAYS = "SELECT DISTINCT (reported_at AT TIME ZONE 'Asia/Shanghai')::date FROM incidents_dispute"

# A dispute keeps the unit that it was given, by people near a boundary, as long as that boundary is the one
# of the day on which it was reported. After a redrawing its place says where it is now, lowest code first as
# for every point; in no unit at all, it stays where it was.
COUNT = """
WITH units AS MATERIALIZED (
    SELECT v.area_id, v.valid_from
    FROM grids_areaversion v JOIN grids_area a ON a.code = v.area_id
    WHERE a.level = 'grid' AND v.valid_from <= %(today)s AND (v.valid_to IS NULL OR v.valid_to > %(today)s)
)
INSERT INTO maps_dailycount (unit_id, occurred_on, known_on, category_group, cases)
SELECT coalesce(given.area_id, found.area_id, d.grid_unit_id),
       (d.occurred_at AT TIME ZONE 'Asia/Shanghai')::date, stale.day, left(d.category, 2), count(*)
FROM unnest(%(days)s::date[]) AS stale (day)
JOIN incidents_dispute d
  ON d.reported_at >= stale.day::timestamp AT TIME ZONE 'Asia/Shanghai'
 AND d.reported_at < (stale.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
LEFT JOIN units given ON given.area_id = d.grid_unit_id AND given.valid_from <= stale.day
LEFT JOIN LATERAL (
    SELECT v.area_id
    FROM grids_areaversion v JOIN grids_area a ON a.code = v.area_id
    WHERE given.area_id IS NULL
      AND a.level = 'grid' AND v.valid_from <= %(today)s AND (v.valid_to IS NULL OR v.valid_to > %(today)s)
      AND ST_Covers(v.geom, d.location)
    ORDER BY v.area_id LIMIT 1
) found ON TRUE
WHERE d.state <> 'void'
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Refreshed:
    """How many days of report were counted anew; `everything`: because boundaries are not what they were."""

    days: int
    everything: bool


@transaction.atomic
def refresh_daily_counts() -> Refreshed:
    """Count what changed since the last time. Runs that come at the same moment wait for each other."""
    facts = {"today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(DIGEST, facts)
        (digest,) = cursor.fetchone()
        everything = not CountedBoundaries.objects.filter(digest=digest).exists()
        # What is committed after this statement leaves a row of its own for the next time.
        cursor.execute("DELETE FROM maps_staleday RETURNING day")
        days = {day for (day,) in cursor.fetchall()}
        if everything:
            cursor.execute("DELETE FROM maps_dailycount")
            cursor.execute(ALL_DAYS)
            days = {day for (day,) in cursor.fetchall()}
        else:
            cursor.execute("DELETE FROM maps_dailycount WHERE known_on = ANY(%s)", [list(days)])
        cursor.execute(COUNT, facts | {"days": sorted(days)})
        CountedBoundaries.objects.update_or_create(
            id=1, defaults={"digest": digest, "counted_at": timezone.now()}
        )
    return Refreshed(len(days), everything)


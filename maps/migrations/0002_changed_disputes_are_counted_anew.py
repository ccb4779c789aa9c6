"""Disputes that are new or changed leave word of the day on which they were reported."""

from django.db import migrations

# Statement by statement for new rows, of which there may be a million at once; row by row for changes, most of
# which touch nothing that is counted, so that the condition alone is asked.
MARK_STALE_DAYS = """
CREATE FUNCTION maps_mark_days_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO maps_staleday (day)
    SELECT DISTINCT (reported_at AT TIME ZONE 'Asia/Shanghai')::date FROM added;
    RETURN NULL;
END $$;
CREATE FUNCTION maps_mark_days_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO maps_staleday (day) VALUES ((OLD.reported_at AT TIME ZONE 'Asia/Shanghai')::date);
    IF TG_OP = 'UPDATE' AND NEW.reported_at <> OLD.reported_at THEN
        INSERT INTO maps_staleday (day) VALUES ((NEW.reported_at AT TIME ZONE 'Asia/Shanghai')::date);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dispute_new_to_count AFTER INSERT ON incidents_dispute
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION maps_mark_days_of_new();
CREATE TRIGGER dispute_changed_to_count AFTER UPDATE ON incidents_dispute FOR EACH ROW
    WHEN ((OLD.state = 'void') <> (NEW.state = 'void')
          OR OLD.category <> NEW.category OR OLD.grid_unit_id <> NEW.grid_unit_id
          OR OLD.occurred_at <> NEW.occurred_at OR OLD.reported_at <> NEW.reported_at
          OR NOT (OLD.location = NEW.location))
    EXECUTE FUNCTION maps_mark_days_of_changed();
CREATE TRIGGER dispute_deleted_to_count AFTER DELETE ON incidents_dispute
    FOR EACH ROW EXECUTE FUNCTION maps_mark_days_of_changed();
"""

NO_MARKS = """
DROP TRIGGER dispute_new_to_count ON incidents_dispute;
DROP TRIGGER dispute_changed_to_count ON incidents_dispute;
DROP TRIGGER dispute_deleted_to_count ON incidents_dispute;
DROP FUNCTION maps_mark_days_of_new();
DROP FUNCTION maps_mark_days_of_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("maps", "0001_initial"), ("incidents", "0016_report_from_a_phone")]

    operations = [migrations.RunSQL(MARK_STALE_DAYS, NO_MARKS)]

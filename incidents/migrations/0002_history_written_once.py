"""The history is append-only, and case numbers come from one sequence."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION incidents_refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dispute history is written once: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER dispute_event_no_change BEFORE UPDATE OR DELETE ON incidents_disputeevent
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_history_change();
CREATE TRIGGER dispute_event_no_truncate BEFORE TRUNCATE ON incidents_disputeevent
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_refuse_history_change();
"""

ALLOW_CHANGE = """
DROP TRIGGER dispute_event_no_change ON incidents_disputeevent;
DROP TRIGGER dispute_event_no_truncate ON incidents_disputeevent;
DROP FUNCTION incidents_refuse_history_change();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        migrations.RunSQL(
            "CREATE SEQUENCE incidents_case_number", "DROP SEQUENCE incidents_case_number"
        ),
    ]

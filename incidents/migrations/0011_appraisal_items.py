"""The positive and the negative list as they come. The district centre changes them as it sees fit."""

from django.db import migrations

from incidents.appraisal.items import DEFAULT_ITEMS


def create_items(apps, schema_editor):
    items = apps.get_model("incidents", "AppraisalItem")
    for default in DEFAULT_ITEMS:
        facts = {name: getattr(default, name) for name in ("name", "explanation", "points", "measured")}
        items.objects.get_or_create(code=default.code, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_notice_sent")]

    operations = [migrations.RunPython(create_items, migrations.RunPython.noop)]

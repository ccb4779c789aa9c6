"""An agreement that another replaced was not broken."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0013_clocks_of_old_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='agreement',
            name='agreement_one_in_force',
        ),
        migrations.AddField(
            model_name='agreement',
            name='replaced_on',
            field=models.DateField(blank=True, null=True, verbose_name='代替日期'),
        ),
        # Until now one that was replaced was broken without a breach.
        migrations.RunSQL(
            "UPDATE incidents_agreement SET replaced_on = broken_on, broken_on = NULL "
            "WHERE broken_on IS NOT NULL AND breach = ''",
            "UPDATE incidents_agreement SET broken_on = replaced_on WHERE replaced_on IS NOT NULL",
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('broken_on', None), ('replaced_on', None)), fields=('dispute',), name='agreement_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('broken_on', None), ('replaced_on', None), _connector='OR'), name='agreement_broken_or_replaced'),
        ),
    ]

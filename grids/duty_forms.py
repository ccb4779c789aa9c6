"""Duties of one account, given together."""

from itertools import combinations

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from grids.models.duty import HELD_ALREADY


class DutyFormSet(BaseInlineFormSet):
    """Compares the rows with each other. The database compares each with those on record."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        filled = [form for form in self.forms if form.has_changed() or form.instance.pk]
        duties = [form.instance for form in filled if form not in self.deleted_forms]
        if any(one.repeats(other) for one, other in combinations(duties, 2)):
            raise ValidationError(HELD_ALREADY)

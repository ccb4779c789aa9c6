from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids import crs
from grids.addresses import normalize_address
from grids.hierarchy import Level
from grids.models.area import Area, AreaVersion


class Address(models.Model):
    """A known address and the grid unit that it belongs to. A place, with nothing about who lives there."""

    text = models.CharField(_("地址"), max_length=200)
    # `text` as grids.addresses.normalize_address gives it, so that two spellings meet.
    normalized = models.CharField(max_length=200, unique=True)
    unit = models.ForeignKey(Area, models.PROTECT, related_name="addresses", verbose_name=_("网格"))
    location = models.PointField(_("位置"), srid=crs.WGS84_SRID)

    class Meta:
        verbose_name = _("地址")
        verbose_name_plural = _("地址")
        ordering = ["text"]

    def __str__(self):
        return self.text

    def clean(self):
        """Set `normalized`. Raises ValidationError: the address is known already, or lies in another unit."""
        self.normalized = normalize_address(self.text)
        if Address.objects.filter(normalized=self.normalized).exclude(pk=self.pk).exists():
            raise ValidationError({"text": _("这个地址已经登记过。")})
        if self.unit_id and self.location:
            self._check_unit()

    def _check_unit(self):
        """On a shared edge either unit will do."""
        today = AreaVersion.objects.current().level(Level.GRID)
        covering = list(today.covering(self.location).values_list("area_id", flat=True))
        if not covering:
            raise ValidationError({"location": _("这个位置今天不在任何网格内。")})
        if self.unit_id not in covering:
            found = ", ".join(covering)
            raise ValidationError({"unit": _("这个位置今天在网格 %(units)s 内。") % {"units": found}})

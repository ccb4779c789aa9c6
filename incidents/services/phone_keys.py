"""The key of a person's unsent reports on a phone."""

from grids.models import User
from incidents.models import PhoneKey


def phone_key_of(user: User) -> PhoneKey:
    """The key of `user`, made when first asked for; asked for twice at once it is the same."""
    key, _ = PhoneKey.objects.get_or_create(user=user)
    return key

"""What a bundled script imports, told to the browser before it has read the script."""

from django import template
from django.templatetags.static import static

from incidents.phone_app import imported_at_once

register = template.Library()


@register.simple_tag
def imports_of(name: str) -> list[str]:
    """Addresses of the modules that the script with the static name `name` imports before it runs."""
    return imported_at_once(static(name))

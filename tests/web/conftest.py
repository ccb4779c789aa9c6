"""What all tests of pages and API share."""

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def chinese_again():
    """A request in English leaves its language in the thread: the next test begins in Chinese."""
    yield
    translation.activate(settings.LANGUAGE_CODE)

"""What every page's template knows."""


def page_context(request) -> dict:
    return {}

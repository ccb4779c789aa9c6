"""What an address that gives a file makes of `Accept`."""

from rest_framework.negotiation import DefaultContentNegotiation


class AnyAccept(DefaultContentNegotiation):
    """The file is as it is, whatever the client would rather have; errors are problem documents."""

    def select_renderer(self, request, renderers, format_suffix=None):
        """The first renderer."""
        return renderers[0], renderers[0].media_type

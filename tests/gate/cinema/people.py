"""Who is at the door, for the tests: whoever the header names."""

from types import SimpleNamespace


class Identity:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("X-Member")
        request.user = SimpleNamespace(pk=int(key) if key else None)
        return self.get_response(request)

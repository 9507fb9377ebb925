"""Whether the installation is well."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from kundeservice.core import clock
from kundeservice.core.queries.health import read_health


@login_not_required
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Tell the state of each part. 200 as long as people can be served, 503 when the database is away."""
    health = read_health(at=clock.now())
    return JsonResponse(health.as_dict(), status=200 if health.serves_people else 503)

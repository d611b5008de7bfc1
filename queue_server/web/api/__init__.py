"""The HTTP API, version 1: `registrations`, `visits`, `points`, `public`, `operations`, and the `words` of its models."""

from fastapi import APIRouter

from queue_server.web.api import operations, points, public, registrations, visits
from queue_server.web.api.public import SiteBody, site_of
from queue_server.web.api.words import describe

router = APIRouter(prefix="/api/v1")
for part in (registrations, visits, points, public, operations):
    router.include_router(part.router)

__all__ = ["SiteBody", "describe", "router", "site_of"]

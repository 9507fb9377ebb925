"""The awards' tables in the technical administration, to be looked at. No score is shown here, published or not."""

from __future__ import annotations

from django.contrib import admin

from awards.models import ArchivedResult, Lock, Publication, Report
from kundeservice.core.admin import ReadOnlyAdmin


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """What is published, and what will be."""

    list_display = ("edition", "publish_at", "published_at")


@admin.register(Lock)
class LockAdmin(ReadOnlyAdmin):
    """Locks with their hashes."""

    list_display = ("edition", "locked_at", "locked_by", "root_hash")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """How far each report has come, and why one failed. The file itself is behind its own doors."""

    list_display = ("participant", "run", "state", "attempt", "claimed_at", "finished_at", "size")
    list_filter = ("state", "run__edition")
    list_select_related = ("participant", "run__edition")
    search_fields = ("participant__name", "participant__code")


@admin.register(ArchivedResult)
class ArchivedResultAdmin(ReadOnlyAdmin):
    """Published winners of earlier years."""

    list_display = ("year", "award", "class_name", "winner", "total", "overall_winner", "source")
    list_filter = ("award", "year")

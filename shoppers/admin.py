"""Shoppers in the technical administration: their limits and relations may be mended here, plans only looked at."""

from __future__ import annotations

from django.contrib import admin

from kundeservice.core.admin import ReadOnlyAdmin
from shoppers.models import Plan, PlanProposal, Relation, Shopper


class RelationInline(admin.TabularInline):  # type: ignore[type-arg]
    """Whom a shopper must never meet."""

    model = Relation
    extra = 0
    autocomplete_fields = ("participant",)


@admin.register(Shopper)
class ShopperAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shoppers with what they can and may do. A plan takes changes in at its next repair."""

    list_display = ("code", "name", "channels", "max_contacts", "max_per_week", "available_from", "available_to")
    list_filter = ("edition", "gender")
    search_fields = ("code", "name", "email")
    autocomplete_fields = ("user",)
    inlines = (RelationInline,)


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """Certificates of plans and repairs."""

    list_display = ("edition", "created_at", "seed", "is_repair", "objective", "input_digest")
    list_filter = ("edition", "is_repair")


@admin.register(PlanProposal)
class PlanProposalAdmin(ReadOnlyAdmin):
    """Plans that were proposed, and what became of them."""

    list_display = ("edition", "created_at", "created_by", "seed", "is_repair", "accepted_at", "discarded_at")
    list_filter = ("edition", "is_repair")

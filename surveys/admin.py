"""The surveys' tables in the technical administration, to be looked at: changes go through the services."""

from __future__ import annotations

from django.contrib import admin

from kundeservice.core.admin import ReadOnlyAdmin
from surveys.models import AwardClass, Contact, ContactPoint, Edition, Option, Participant, Question, RolePlay, WaitBand


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a parent, to be looked at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, _request: object, _obj: object | None = None) -> bool:
        return False

    def has_change_permission(self, _request: object, _obj: object | None = None) -> bool:
        return False


class OptionInline(ReadOnlyInline):
    model = Option


class ContactPointInline(ReadOnlyInline):
    model = ContactPoint


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Editions and how far they have come."""

    list_display = ("code", "name", "phase", "starts_on", "ends_on")
    list_filter = ("phase",)


@admin.register(AwardClass)
class AwardClassAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_nb", "edition")
    list_filter = ("edition",)


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    """Participants with how to reach them."""

    list_display = ("code", "name", "award_class", "edition")
    list_filter = ("edition",)
    list_select_related = ("award_class", "edition")
    search_fields = ("code", "name")
    inlines = (ContactPointInline,)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """Questions with their options and points."""

    list_display = ("code", "area", "order", "kind", "text_nb", "edition")
    list_filter = ("edition", "area", "kind")
    inlines = (OptionInline,)


@admin.register(WaitBand)
class WaitBandAdmin(ReadOnlyAdmin):
    list_display = ("edition", "channel", "unit", "up_to", "percent")
    list_filter = ("edition", "channel")


@admin.register(RolePlay)
class RolePlayAdmin(ReadOnlyAdmin):
    list_display = ("code", "title_nb", "award_class", "edition")
    list_filter = ("edition",)


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Contacts. Who makes them is not known here."""

    list_display = ("code", "participant", "channel", "week", "outcome", "review", "edition")
    list_filter = ("edition", "channel", "outcome", "review")
    list_select_related = ("participant", "edition")
    search_fields = ("code", "participant__name")

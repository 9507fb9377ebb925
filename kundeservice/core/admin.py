"""The technical administration, for superusers. Its own password form is replaced by the log-in everybody uses."""

from typing import Any

from allauth.account import admin as allauth_admin
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from kundeservice.core import clock
from kundeservice.core.addresses import AddressField
from kundeservice.core.models import AuditEvent, Job, RoleGrant, User
from kundeservice.core.rules import person_of
from kundeservice.core.services.people import doors_of, follow_changed_person, record_grant, record_withdrawal

# An address that opens an account stands on the person's own page, where every change of it is recorded. Allauth's
# list of further addresses would open the same account without a trace.
admin.site.unregister(allauth_admin.EmailAddress)
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Kundeserviceprisen – teknisk"


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin takes no type at run time
    """Rows to be looked at."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object | None = None) -> bool:
        return False


class RoleGrantInline(admin.TabularInline):  # type: ignore[type-arg]
    """A person's roles, on the person's page. A role is given or taken away, never turned into another.

    Since when it has been held decides what its holder may agree to.
    """

    model = RoleGrant
    extra = 0
    readonly_fields = ("granted_at",)

    def has_change_permission(self, _request: HttpRequest, _obj: object | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. Nobody is removed here: the audit trail needs them; untick «aktiv» instead."""

    list_display = ("email", "display_name", "is_active", "is_staff", "last_login")
    list_filter = ("role_grants__role", "is_active", "is_staff")
    search_fields = ("email", "display_name")
    fields = ("email", "display_name", "language", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)
    inlines = (RoleGrantInline,)
    formfield_overrides = {models.EmailField: {"form_class": AddressField}}

    def has_delete_permission(self, _request: HttpRequest, _obj: object | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        before = doors_of(User.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        follow_changed_person(user=obj, before=before, by=person_of(request), at=clock.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for grant in formset.new_objects:
            record_grant(grant, by=person_of(request))
        for grant in formset.deleted_objects:
            record_withdrawal(grant, by=person_of(request), at=clock.now())


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background work, newest first."""

    list_display = ("kind", "subject", "state", "current", "total", "attempt", "created_at", "finished_at")
    list_filter = ("state", "kind")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The audit trail, newest first."""

    list_display = ("at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("subject", "actor__email")

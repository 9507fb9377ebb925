"""The technical administration, for superusers. Its own password form is replaced by the log-in everybody uses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from kundeservice.core.models import AuditEvent, Job, RoleGrant, User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Kundeserviceprisen – teknisk"


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin takes no type at run time
    """Rows to be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class RoleGrantInline(admin.TabularInline):  # type: ignore[type-arg]
    """A person's roles, on the person's page."""

    model = RoleGrant
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. Nobody is removed here: the audit trail needs them; untick «aktiv» instead."""

    list_display = ("email", "display_name", "is_active", "is_staff", "last_login")
    list_filter = ("role_grants__role", "is_active", "is_staff")
    search_fields = ("email", "display_name")
    fields = ("email", "display_name", "language", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)
    inlines = (RoleGrantInline,)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


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

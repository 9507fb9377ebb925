"""Shoppers in the technical administration: their limits and relations may be mended here, plans only looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import DateField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core import clock
from kundeservice.core.addresses import AddressField
from kundeservice.core.admin import ReadOnlyAdmin
from kundeservice.core.forms import DayField
from kundeservice.core.models import User
from kundeservice.core.rules import person_of
from kundeservice.core.services.audit import record_event
from shoppers.models import Plan, PlanProposal, Relation, Shopper
from shoppers.queries.addresses import owner_of_address
from surveys.services import EditionLocked, hold_edition


class ShopperForm(forms.ModelForm):  # type: ignore[type-arg]
    """A shopper of an edition that is still open, also when it was locked while the page was."""

    email = AddressField(label=gettext_lazy("E-post"))

    def clean_email(self) -> str:
        """An address nobody else in the edition has: it opens an account, and two people are not one."""
        address = str(self.cleaned_data["email"])
        self._refuse_address_of_another(address)
        return address

    def clean_user(self) -> User | None:
        """An account that is nobody else's in the edition."""
        user: User | None = self.cleaned_data["user"]
        if user is not None:
            self._refuse_address_of_another(user.email)
        return user

    def _refuse_address_of_another(self, address: str) -> None:
        edition = self.cleaned_data.get("edition") or (self.instance.edition if self.instance.edition_id else None)
        owner = edition and owner_of_address(edition=edition, address=address, besides=self.instance)
        if owner:
            raise forms.ValidationError(
                _("Adressen tilhører allerede %(owner)s i årgangen. Hver mystery shopper må ha sin egen.")
                % {"owner": owner}
            )

    def clean(self) -> dict[str, Any] | None:
        edition = self.instance.edition_id or getattr(self.cleaned_data.get("edition"), "pk", None)
        if edition is not None:
            try:
                hold_edition(edition)
            except EditionLocked as refusal:
                message = _("Årgangen er låst. Mystery shopperne er en del av den og kan ikke endres.")
                raise forms.ValidationError(message) from refusal
        return super().clean()


class RelationInline(admin.TabularInline):  # type: ignore[type-arg]
    """Whom a shopper must never meet. Closed with the edition."""

    model = Relation
    extra = 0
    autocomplete_fields = ("participant",)

    def has_add_permission(self, request: HttpRequest, obj: Shopper | None = None) -> bool:
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Shopper | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Shopper | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)


@admin.register(Shopper)
class ShopperAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shoppers with what they can and may do, closed with the edition. A plan takes changes in at its next repair."""

    form = ShopperForm
    formfield_overrides = {DateField: {"form_class": DayField, "widget": AdminDateWidget}}
    list_display = ("code", "name", "channels", "max_contacts", "max_per_week", "available_from", "available_to")
    list_filter = ("edition", "gender")
    list_select_related = ("edition",)
    search_fields = ("code", "name", "email")
    autocomplete_fields = ("user",)
    inlines = (RelationInline,)

    def has_change_permission(self, request: HttpRequest, obj: Shopper | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Shopper | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, _request: HttpRequest, obj: Shopper | None = None) -> tuple[str, ...]:
        """A shopper stays in the edition: relations and contacts are with participants of the same one."""
        return ("edition",) if obj else ()

    def log_addition(self, request: HttpRequest, obj: Shopper, message: Any) -> Any:
        _record("shopper.added", obj, request)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Shopper, message: Any) -> Any:
        if message:
            _record("shopper.changed", obj, request, changes=message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Shopper]) -> Any:
        for shopper in queryset:
            _record("shopper.removed", shopper, request)
        return super().log_deletions(request, queryset)


def _is_open(shopper: Shopper | None) -> bool:
    return shopper is None or not shopper.edition.is_locked


def _record(action: str, shopper: Shopper, request: HttpRequest, **detail: object) -> None:
    record_event(
        at=clock.now(),
        actor=person_of(request),
        action=action,
        subject=f"{shopper.edition.code}/{shopper.code}",
        detail={"what": shopper.name, **detail},
    )


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

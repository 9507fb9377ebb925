"""People and their roles."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kundeservice.core import clock, language
from kundeservice.core.addresses import normalised_address, read_address


class Language(models.TextChoices):
    """Languages of the screen and of mails."""

    BOKMAL = language.BOKMAL, _("bokmål")
    ENGLISH = language.ENGLISH, _("engelsk")


class Role(models.TextChoices):
    """What a person does in the award. A person may have several roles."""

    LEADER = "leader", _("prosjektleder")
    REVIEWER = "reviewer", _("kvalitetskontrollør")
    SHOPPER = "shopper", _("mystery shopper")
    PARTICIPANT = "participant", _("deltaker")


class UserManager(BaseUserManager["User"]):
    """Creates people. Ordinary people have no password: they log in by a code or link sent by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a person; without a password only e-mailed codes and links open the door.

        Raises ValidationError for an address that takes no mail.
        """
        user = self.model(email=normalised_address(read_address(email)), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a person who may use the technical admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get(self, *args: Any, **kwargs: Any) -> User:
        """Look one person up together with the roles they hold, in one query.

        Every log-in backend reads the person of a session this way, and the next question is always what they may do.
        Raises as any manager does when nobody, or more than one, fits.
        """
        # A condition on roles says who is meant; it must not narrow the roles that are read.
        meant = self.filter(*args, **kwargs).values("pk")
        rows = list(self.filter(pk__in=meant).annotate(granted=models.F("role_grants__role")))
        if len({row.pk for row in rows}) != 1:
            return super().get(*args, **kwargs)
        person = rows[0]
        person.roles = frozenset(Role(row.granted) for row in rows if row.granted)
        return person

    def get_by_natural_key(self, username: str | None) -> User:
        """Look a person up by e-mail however it is cased."""
        return self.get(email=normalised_address(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in, known by an e-mail address."""

    email = models.EmailField(_("e-postadresse"), unique=True)
    display_name = models.CharField(_("navn"), max_length=120, blank=True)
    language = models.CharField(_("språk"), max_length=2, choices=Language.choices, default=Language.BOKMAL)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_staff = models.BooleanField(_("har tilgang til teknisk administrasjon"), default=False)
    date_joined = models.DateTimeField(_("opprettet"), default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="core_user_email_is_lower_case"),
        )

    def __str__(self) -> str:
        return self.display_name or self.email

    def clean(self) -> None:
        self.email = normalised_address(self.email)

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The person's roles, read once per loaded object."""
        return frozenset(Role(role) for role in self.role_grants.values_list("role", flat=True))

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person has at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


class RoleGrant(models.Model):
    """One role given to one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("rolle"), max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(_("gitt"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("rolle")
        verbose_name_plural = _("roller")
        constraints = (
            models.UniqueConstraint(fields=("user", "role"), name="core_rolegrant_once_per_user"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="core_rolegrant_known_role"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

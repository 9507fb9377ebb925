"""The seal on an edition: who may open it, and the guard in the database that keeps what is locked as it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from surveys.models.choices import Phase
from surveys.models.edition import Edition


class OpeningKind(models.TextChoices):
    """What a seal is opened for: to see places and totals before they are published, or to change a locked edition."""

    VIEW = "view", _("Innsyn i resultatene")
    UNLOCK = "unlock", _("Oppheving av låsen")


class SealOpeningQuerySet(models.QuerySet["SealOpening"]):
    def agreed(self) -> SealOpeningQuerySet:
        return self.filter(agreed_at__isnull=False)

    def waiting(self) -> SealOpeningQuerySet:
        return self.filter(agreed_at__isnull=True, withdrawn_at__isnull=True)


class SealOpening(models.Model):
    """One person asks, another agrees. Rows stay for ever, so that everybody can see who opened what, when and why."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="seal_openings")
    kind = models.CharField(_("gjelder"), max_length=10, choices=OpeningKind.choices)
    reason = models.TextField(_("begrunnelse"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("bedt om av")
    )
    asked_at = models.DateTimeField(_("bedt om"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkjent av"),
    )
    agreed_at = models.DateTimeField(_("godkjent"), null=True, blank=True)
    used_at = models.DateTimeField(_("brukt"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("trukket"), null=True, blank=True)

    objects = SealOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("åpning av segl")
        verbose_name_plural = _("åpninger av segl")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="sealopening_unlock_by_two",
                condition=~models.Q(kind=OpeningKind.UNLOCK.value)
                | models.Q(agreed_by__isnull=True)
                | ~models.Q(agreed_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="sealopening_agreed_has_person_and_time",
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.kind}"


@dataclass(frozen=True)
class GuardedTable:
    """A table whose rows belong to an edition. `edition_of` is SQL that finds the edition's key from the row {row}."""

    name: str
    edition_of: str

    def phase_of(self, row: str) -> str:
        edition = self.edition_of.format(row=row)
        return f"COALESCE((SELECT phase FROM surveys_edition WHERE id = ({edition})), 0)"  # noqa: S608 - no input in it


OWN_EDITION = "{row}.edition_id"
BY_CONTACT = "SELECT edition_id FROM surveys_contact WHERE id = {row}.contact_id"
BY_QUESTION = "SELECT edition_id FROM surveys_question WHERE id = {row}.question_id"
BY_PARTICIPANT = "SELECT edition_id FROM surveys_participant WHERE id = {row}.participant_id"

GUARDED = (
    GuardedTable("surveys_answer", BY_CONTACT),
    GuardedTable("surveys_attempt", BY_CONTACT),
    GuardedTable("surveys_awardclass", OWN_EDITION),
    GuardedTable("surveys_comment", BY_CONTACT),
    GuardedTable("surveys_contact", OWN_EDITION),
    GuardedTable("surveys_contactpoint", BY_PARTICIPANT),
    GuardedTable("surveys_option", BY_QUESTION),
    GuardedTable("surveys_participant", OWN_EDITION),
    GuardedTable("surveys_question", OWN_EDITION),
    GuardedTable("surveys_reviewevent", BY_CONTACT),
    GuardedTable("surveys_roleplay", OWN_EDITION),
    GuardedTable("surveys_waitband", OWN_EDITION),
)

REFUSAL = "The edition is locked: its answers and rules do not change."

RULES_OF_AN_EDITION = (
    *("code", "award", "year", "name_nb", "name_en", "starts_on", "ends_on"),
    *("timezone", "opens_at", "closes_at", "closed_days", "contacts_per_participant", "max_channels"),
    *("weight_wait", "weight_welcome", "weight_agent", "weight_overall"),
    *("key_telephone", "key_email", "key_chat", "key_messenger"),
    *("min_counted", "min_channel_contacts", "scoring_method"),
)
"""The columns closed with an edition. Its phase may move, but back out of the lock only by two people's agreement."""

UNLOCK_AGREED = (
    "EXISTS (SELECT 1 FROM surveys_sealopening WHERE edition_id = OLD.id AND kind = 'unlock' "
    "AND agreed_by_id IS NOT NULL AND used_at IS NULL)"
)


def install_guards(connection: BaseDatabaseWrapper, tables: tuple[GuardedTable, ...] = GUARDED) -> None:
    """Put the guard in front of every table, in the database itself. Run after each migrate; may be repeated.

    On SQLite a migration may rebuild a table and lose its triggers, which is why this is not a migration of its own.
    """
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables:
            if table.name in existing:
                for statement in _guard_of(table, connection.vendor):
                    cursor.execute(statement)
        if "surveys_sealopening" in existing:
            for statement in _edition_guard(connection.vendor):
                cursor.execute(statement)


def remove_guards(connection: BaseDatabaseWrapper, tables: tuple[GuardedTable, ...] = GUARDED) -> None:
    """Take the guards away: for tests that empty their database row by row, or show what the guards refuse."""
    names = [*(table.name for table in tables), "surveys_edition"]
    with connection.cursor() as cursor:
        for name in names:
            for trigger in _trigger_names(name):
                suffix = f" ON {name}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{suffix}")


def _trigger_names(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_sealed_{act}" for act in ("insert", "update", "delete"))


def _guard_of(table: GuardedTable, vendor: str) -> list[str]:
    conditions = {
        "INSERT": f"{table.phase_of('NEW')} >= {Phase.LOCKED.value}",
        "UPDATE": f"{table.phase_of('OLD')} >= {Phase.LOCKED.value} OR {table.phase_of('NEW')} >= {Phase.LOCKED.value}",
        "DELETE": f"{table.phase_of('OLD')} >= {Phase.LOCKED.value}",
    }
    return [line for act, condition in conditions.items() for line in _trigger(table.name, act, condition, vendor)]


def _edition_guard(vendor: str) -> list[str]:
    changed = " OR ".join(f"{_distinct(column, vendor)}" for column in RULES_OF_AN_EDITION)
    condition = (
        f"OLD.phase >= {Phase.LOCKED.value} AND (({changed}) "
        f"OR (NEW.phase < {Phase.LOCKED.value} AND NOT {UNLOCK_AGREED}))"
    )
    return [
        *_trigger("surveys_edition", "UPDATE", condition, vendor),
        *_trigger("surveys_edition", "DELETE", f"OLD.phase >= {Phase.LOCKED.value}", vendor),
    ]


def _distinct(column: str, vendor: str) -> str:
    operator = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return f"OLD.{column} {operator} NEW.{column}"


def _trigger(table: str, act: str, condition: str, vendor: str) -> list[str]:
    name = f"{table}_sealed_{act.lower()}"
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            (
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            ),
        ]
    row = "OLD" if act == "DELETE" else "NEW"
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23000'; END IF; "
            f"RETURN {row}; END $$"
        ),
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]

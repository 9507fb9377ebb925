from django.db import migrations, models

import surveys.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0006_gates_by_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="clock_seconds",
            field=surveys.models.fields.ExactDecimalField(
                blank=True, decimal_places=9, max_digits=15, null=True, verbose_name="sekunder på klokken"
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("queue_closed", "Køen var stengt"),
                    ("wrong_number", "Feil nummer"),
                    ("closed", "Kundesenteret var stengt"),
                ],
                max_length=12,
                verbose_name="hvorfor så kort",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="told_afterwards",
            field=models.BooleanField(default=False, verbose_name="meldt i etterkant"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), models.Q(("result", "answered"), _negated=True), _connector="OR"),
                name="attempt_reason_only_unanswered",
            ),
        ),
    ]

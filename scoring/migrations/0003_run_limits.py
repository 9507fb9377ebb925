from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_contact_scores"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorerun",
            name="min_channel_contacts",
            field=models.PositiveSmallIntegerField(
                null=True, verbose_name="tellende henvendelser for pris på en kontaktmåte"
            ),
        ),
        migrations.AddField(
            model_name="scorerun",
            name="min_counted",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="tellende henvendelser for å bli rangert"),
        ),
    ]

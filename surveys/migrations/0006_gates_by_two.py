from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_answer_value_fits"),
    ]

    operations = [
        migrations.AddField(
            model_name="sealopening",
            name="wanted",
            field=models.JSONField(blank=True, default=dict, verbose_name="ønsket"),
        ),
        migrations.AlterField(
            model_name="sealopening",
            name="kind",
            field=models.CharField(
                choices=[
                    ("view", "Innsyn i resultatene"),
                    ("unlock", "Oppheving av låsen"),
                    ("lock", "Låsing av årgangen"),
                    ("publish", "Publisering av resultatene"),
                ],
                max_length=10,
                verbose_name="gjelder",
            ),
        ),
        migrations.AlterField(
            model_name="sealopening",
            name="reason",
            field=models.TextField(blank=True, verbose_name="begrunnelse"),
        ),
    ]

"""The class says what it is; its table, which guards and copies of the data know, keeps its name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_voiding")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("SealOpening", "LeaderRequest"),
                migrations.AlterModelTable("LeaderRequest", "surveys_sealopening"),
                migrations.AlterModelOptions(
                    "LeaderRequest",
                    options={
                        "ordering": ("-asked_at", "-pk"),
                        "verbose_name": "ønske til en kollega",
                        "verbose_name_plural": "ønsker til en kollega",
                    },
                ),
                migrations.AlterField(
                    "LeaderRequest",
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leader_requests",
                        to="surveys.edition",
                    ),
                ),
            ],
        )
    ]

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outputs", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="output",
            name="output_by_state_and_due",
        ),
        migrations.AddIndex(
            model_name="output",
            index=models.Index(
                models.F("state"),
                django.db.models.functions.comparison.Coalesce("extended_until", "due_on"),
                name="output_by_state_and_due",
            ),
        ),
        migrations.AddIndex(
            model_name="output",
            index=models.Index(
                models.F("participation"),
                models.F("state"),
                django.db.models.functions.comparison.Coalesce("extended_until", "due_on"),
                name="output_of_twin_by_state",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0002_vocabularies"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["cohort", "kind", "number", "state", "pairing", "planned_on", "starts_at"], name="event_counted"
            ),
        ),
    ]

from django.db import migrations

from cohorts.services.vocabularies import load_vocabularies


def add_audiences(apps, _schema_editor):
    """The list of those for whom something was learned; a fresh database has it with the other lists already."""
    load_vocabularies(apps.get_model("cohorts", "Vocabulary"), apps.get_model("cohorts", "Term"))


class Migration(migrations.Migration):
    dependencies = [("sensemaking", "0003_insights_lineage_reports")]

    operations = [migrations.RunPython(add_audiences, migrations.RunPython.noop)]

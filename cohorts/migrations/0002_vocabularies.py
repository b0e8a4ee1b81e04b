"""The shipped vocabularies and lists of dimensions. A vocabulary that exists already is left as it is."""

from django.db import migrations

from cohorts.services.vocabularies import load_vocabularies


def load(apps, schema_editor):
    load_vocabularies(apps.get_model("cohorts", "Vocabulary"), apps.get_model("cohorts", "Term"))


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

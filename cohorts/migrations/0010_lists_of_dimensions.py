"""The lists that context facts are written with. A vocabulary that exists already is left as it is."""

from django.db import migrations

from cohorts.services.vocabularies import load_vocabularies


def load(apps, schema_editor):
    load_vocabularies(apps.get_model("cohorts", "Vocabulary"), apps.get_model("cohorts", "Term"))


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0009_context_facts")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

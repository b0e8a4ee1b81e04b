"""The database itself refuses to change the journal, also by bulk updates, raw SQL and other programs.

PostgreSQL refuses UPDATE and DELETE. SQLite refuses UPDATE alone: there a development database must be able to be
emptied (`flush` is a DELETE). A migration that rebuilds the table on SQLite loses its trigger and must make it anew;
a test looks for it.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_journalentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_append_only ON audit_journalentry;
DROP FUNCTION audit_refuse_change();
"""
SQLITE = """
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_journalentry
BEGIN
    SELECT RAISE(ABORT, 'The journal is append-only.');
END
"""
SQLITE_BACK = "DROP TRIGGER audit_append_only"


def protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(POSTGRESQL if vendor == "postgresql" else SQLITE, params=None)


def unprotect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(POSTGRESQL_BACK if vendor == "postgresql" else SQLITE_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]

    operations = [migrations.RunPython(protect, unprotect)]

from django.db import migrations

# Published: how the sessions of the first cohort were run, one after the other.
FORMATS = (
    ("plenary", "Everybody together", "Talks and a common discussion, no rooms.", "none", 1, 30),
    ("webinar", "Webinar with short rooms", "Facilitators report; between the reports people talk in small rooms.", "allocated", 2, 15),
    ("open-rooms", "Free choice of room", "People choose the room whose theme concerns them; little talk by the organisers.", "choice", 1, 60),
    ("allocated-rooms", "Allocated rooms", "Small rooms with as much variety of countries as possible, and prepared questions.", "allocated", 1, 60),
)


def add_formats(apps, _schema_editor):
    formats = apps.get_model("sensemaking", "SessionFormat")
    for position, (slug, label, description, room_mode, parts, minutes) in enumerate(FORMATS):
        formats.objects.get_or_create(
            slug=slug,
            defaults={
                "label": label,
                "description": description,
                "room_mode": room_mode,
                "parts": parts,
                "minutes_in_rooms": minutes,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("sensemaking", "0001_sessions_and_rooms")]

    operations = [migrations.RunPython(add_formats, migrations.RunPython.noop)]

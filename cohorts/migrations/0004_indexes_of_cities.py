from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0003_index_of_counted_events'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='city',
            index=models.Index(fields=['name'], name='city_by_name'),
        ),
        migrations.AddIndex(
            model_name='city',
            index=models.Index(fields=['country'], name='city_by_country'),
        ),
    ]

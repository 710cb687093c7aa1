"""Its operations stand in 0001 now, where they cost a fraction of the time; the name stays for databases that have applied it."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("batch", "0001_initial")]
    operations = []

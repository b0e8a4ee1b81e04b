import django.db.models.deletion
import sensemaking.models.room
import twinning.core.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('phase', models.CharField(choices=[('prepare', 'Prepare'), ('act', 'Act'), ('accelerate', 'Accelerate')], max_length=12, verbose_name='phase')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='cohorts.cohort')),
            ],
            options={
                'verbose_name': 'round',
                'verbose_name_plural': 'rounds',
                'ordering': ('cohort', 'number'),
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='round_number_once_in_cohort')],
            },
        ),
        migrations.CreateModel(
            name='SessionFormat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='id')),
                ('label', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('room_mode', models.CharField(choices=[('none', 'No rooms: everybody together'), ('choice', 'People choose their room'), ('allocated', 'People are allocated to rooms')], default='none', max_length=10, verbose_name='rooms')),
                ('parts', models.PositiveSmallIntegerField(default=1, verbose_name='rounds of rooms')),
                ('minutes_in_rooms', models.PositiveSmallIntegerField(default=30, verbose_name='minutes in a room')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'format',
                'verbose_name_plural': 'formats',
                'ordering': ('position', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('parts__gte', 1), ('parts__lte', 6)), name='format_has_one_to_six_parts')],
            },
        ),
        migrations.CreateModel(
            name='Cluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clusters', to='cohorts.cohort')),
            ],
            options={
                'verbose_name': 'cluster',
                'verbose_name_plural': 'clusters',
                'ordering': ('cohort', 'number'),
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='cluster_number_once_in_cohort')],
            },
        ),
        migrations.CreateModel(
            name='ClusterMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='sensemaking.cluster')),
                ('hosting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cluster_members', to='cohorts.hosting')),
                ('participation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cluster_members', to='cohorts.participation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('cluster', 'hosting'), name='cluster_hosting_once'), models.UniqueConstraint(fields=('cluster', 'participation'), name='cluster_participation_once'), models.CheckConstraint(condition=models.Q(('hosting', None), ('participation', None), _connector='XOR'), name='cluster_member_is_host_or_twin')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('kind', models.CharField(choices=[('cluster', 'Cluster session'), ('all_cluster', 'All-cluster session'), ('inter_cohort', 'Inter-cohort session'), ('harvesting', 'Outcome-harvesting session')], max_length=14, verbose_name='kind')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('held_on', models.DateField(verbose_name='day')),
                ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='starts at')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('time_zone', models.CharField(default='Europe/Brussels', max_length=64, verbose_name='time zone')),
                ('link', models.URLField(blank=True, verbose_name='link to the call')),
                ('purpose', models.TextField(blank=True, verbose_name='purpose')),
                ('room_mode', models.CharField(choices=[('none', 'No rooms: everybody together'), ('choice', 'People choose their room'), ('allocated', 'People are allocated to rooms')], default='none', max_length=10, verbose_name='rooms')),
                ('parts', models.PositiveSmallIntegerField(default=1, verbose_name='rounds of rooms')),
                ('pairings_together', models.BooleanField(default=False, verbose_name='seat a twin and its host together')),
                ('rooms_shown_at', models.DateTimeField(blank=True, null=True, verbose_name='rooms shown since')),
                ('present_note', models.CharField(blank=True, max_length=300, verbose_name='who took part, as published')),
                ('sources', models.JSONField(blank=True, default=list, verbose_name='sources')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('clusters', models.ManyToManyField(blank=True, related_name='sessions', to='sensemaking.cluster', verbose_name='clusters')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='sensemaking.round', verbose_name='round')),
                ('format', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='sensemaking.sessionformat', verbose_name='format')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ('held_on', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('parts__gte', 1), ('parts__lte', 6)), name='session_has_one_to_six_parts', violation_error_message='A session has one to six rounds of rooms.'), models.CheckConstraint(condition=models.Q(('minutes', None), models.Q(('minutes__gte', 10), ('minutes__lte', 600)), _connector='OR'), name='session_lasts_ten_minutes_to_ten_hours', violation_error_message='A session lasts from 10 to 600 minutes.')],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('part', models.PositiveSmallIntegerField(default=1, verbose_name='round of rooms')),
                ('position', models.PositiveSmallIntegerField(verbose_name='number')),
                ('theme', models.CharField(blank=True, max_length=160, verbose_name='theme')),
                ('least', models.PositiveSmallIntegerField(default=3, verbose_name='fewest people')),
                ('most', models.PositiveSmallIntegerField(default=8, verbose_name='most people')),
                ('method', models.CharField(blank=True, max_length=300, verbose_name='how the room works')),
                ('link', models.URLField(blank=True, verbose_name='link to the room')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'room',
                'verbose_name_plural': 'rooms',
                'ordering': ('part', 'position'),
                'constraints': [models.UniqueConstraint(fields=('session', 'part', 'position'), name='room_number_once_in_part'), models.CheckConstraint(condition=models.Q(('least__lte', models.F('most'))), name='room_sizes_in_order', violation_error_message='The fewest people may not be more than the most people.')],
            },
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('name', models.CharField(blank=True, max_length=160, verbose_name='name')),
                ('organisation', models.CharField(blank=True, max_length=160, verbose_name='organisation')),
                ('role', models.CharField(choices=[('speaker', 'Speaker'), ('observer', 'Observer'), ('facilitator', 'Facilitator'), ('harvester', 'Harvester'), ('team', 'Team of the session')], default='speaker', max_length=12, verbose_name='role')),
                ('state', models.CharField(choices=[('expected', 'Expected'), ('here', 'Here'), ('away', 'Not here')], default='expected', max_length=10, verbose_name='state')),
                ('consented_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed at')),
                ('key', models.CharField(default=sensemaking.models.room.new_key, editable=False, max_length=32, unique=True)),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='session_guests', to='cohorts.city', verbose_name='city')),
                ('hosting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='session_guests', to='cohorts.hosting')),
                ('participation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='session_guests', to='cohorts.participation')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='session_places', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'person in a session',
                'verbose_name_plural': 'people in a session',
                'constraints': [models.CheckConstraint(condition=models.Q(('city', None), ('name', ''), ('organisation', ''), _negated=True), name='guest_has_a_name_or_a_city', violation_error_message='Give a name, a city or an organisation.'), models.CheckConstraint(condition=models.Q(('participation', None), ('hosting', None), _connector='OR'), name='guest_is_for_twin_or_host')],
            },
        ),
        migrations.CreateModel(
            name='RoomPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.PositiveIntegerField(default=0, verbose_name='seed')),
                ('moves', models.PositiveIntegerField(verbose_name='moves')),
                ('parts_cost', models.JSONField(default=dict, verbose_name='points by rule')),
                ('bound', models.IntegerField(verbose_name='bound')),
                ('total', models.IntegerField(verbose_name='points')),
                ('broken', models.JSONField(default=list, verbose_name='broken rules')),
                ('prices', models.JSONField(default=dict, verbose_name='what each rule costs')),
                ('seconds', models.FloatField(default=0, verbose_name='seconds')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='room_plans', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'allocation',
                'verbose_name_plural': 'allocations',
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('part', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='round of rooms')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'point of the agenda',
                'verbose_name_plural': 'agenda',
                'ordering': ('position',),
                'constraints': [models.UniqueConstraint(fields=('session', 'position'), name='agenda_position_once')],
            },
        ),
        migrations.CreateModel(
            name='SessionCohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='session_cohorts', to='cohorts.cohort')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='session_cohorts', to='sensemaking.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'cohort'), name='session_cohort_once')],
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('last_sequence', models.PositiveBigIntegerField(default=0)),
                ('is_moderated', models.BooleanField(default=False, verbose_name='notes wait for a harvester')),
                ('is_private', models.BooleanField(default=False, verbose_name='everybody writes alone until it is revealed')),
                ('is_locked', models.BooleanField(default=False, verbose_name='only facilitators and harvesters change anything')),
                ('votes_each', models.PositiveSmallIntegerField(default=0, verbose_name='votes for each person')),
                ('timer_ends_at', models.DateTimeField(blank=True, null=True, verbose_name='timer ends at')),
                ('join_key', models.CharField(default=sensemaking.models.room.new_key, editable=False, max_length=32, unique=True)),
                ('is_join_open', models.BooleanField(default=False, verbose_name='people may join by the link')),
                ('consent_text', models.TextField(blank=True, verbose_name='what people agree to when they join')),
                ('called_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sensemaking.room', verbose_name='everybody is called to')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='board', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'board',
                'verbose_name_plural': 'boards',
            },
        ),
        migrations.CreateModel(
            name='RoomWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='sensemaking.guest')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='sensemaking.room')),
            ],
            options={
                'ordering': ('rank',),
                'constraints': [models.UniqueConstraint(fields=('guest', 'room'), name='room_wished_once'), models.UniqueConstraint(fields=('guest', 'rank'), name='room_wish_rank_once')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('taken', 'Has a seat'), ('waiting', 'On the waiting list')], default='taken', max_length=10, verbose_name='state')),
                ('origin', models.CharField(choices=[('chosen', 'Chosen'), ('allocated', 'Allocated'), ('by_hand', 'Placed by hand')], max_length=10, verbose_name='decided by')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='pinned')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='sensemaking.guest')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='sensemaking.room')),
            ],
            options={
                'verbose_name': 'seat',
                'verbose_name_plural': 'seats',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'taken')), fields=('guest', 'part'), name='one_seat_in_each_part'), models.UniqueConstraint(fields=('guest', 'room'), name='seat_once_in_room')],
            },
        ),
        migrations.CreateModel(
            name='RoomRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensemaking.guest')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensemaking.guest')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='room_rules', to='sensemaking.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'one', 'other'), name='kept_apart_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='kept_apart_in_order')],
            },
        ),
        migrations.CreateModel(
            name='GuidingQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('text', models.CharField(max_length=300, verbose_name='question')),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='sensemaking.room')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='sensemaking.session')),
            ],
            options={
                'verbose_name': 'guiding question',
                'verbose_name_plural': 'guiding questions',
                'ordering': ('position', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='BoardEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField()),
                ('act', models.CharField(max_length=20)),
                ('data', models.JSONField(default=dict)),
                ('before', models.JSONField(blank=True, null=True)),
                ('client_id', models.CharField(blank=True, max_length=40)),
                ('undone', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='sensemaking.board')),
                ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sensemaking.guest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('board', 'sequence'), name='board_event_in_order'), models.UniqueConstraint(condition=models.Q(('client_id', ''), _negated=True), fields=('board', 'guest', 'client_id'), name='board_event_done_once')],
            },
        ),
        migrations.CreateModel(
            name='NoteGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='sensemaking.board')),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='note_groups', to='sensemaking.room')),
            ],
            options={
                'verbose_name': 'group of notes',
                'verbose_name_plural': 'groups of notes',
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(default=twinning.core.models.new_code, editable=False, max_length=8, unique=True, verbose_name='code')),
                ('topic', models.CharField(choices=[('challenge', 'Challenge'), ('success', 'Success'), ('failure', 'Failure'), ('question', 'Question'), ('method', 'Method'), ('condition', 'Enabling condition'), ('next', 'Next step'), ('other', 'Other')], default='other', max_length=12, verbose_name='topic')),
                ('text', models.CharField(max_length=600, verbose_name='text')),
                ('state', models.CharField(choices=[('inbox', 'Waits for a harvester'), ('placed', 'On the board'), ('removed', 'Removed')], default='placed', max_length=8, verbose_name='state')),
                ('x', models.PositiveSmallIntegerField(default=0)),
                ('y', models.PositiveSmallIntegerField(default=0)),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='sensemaking.guest', verbose_name='said by')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='sensemaking.board')),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='cohorts.city', verbose_name='city')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='written_notes', to='sensemaking.guest', verbose_name='written by')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='sensemaking.notegroup', verbose_name='group')),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='sensemaking.room')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'indexes': [models.Index(fields=['board', 'room', 'state'], name='note_by_board_and_room')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_text'), models.CheckConstraint(condition=models.Q(('x__lte', 2400), ('y__lte', 1600)), name='note_lies_on_the_board')],
            },
        ),
        migrations.CreateModel(
            name='NoteLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='sensemaking.board')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensemaking.note')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensemaking.note')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='notes_connected_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='notes_connected_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='sensemaking.guest')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='sensemaking.note')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('note', 'guest'), name='one_vote_for_each_note')],
            },
        ),
        migrations.AddField(
            model_name='Cluster',
            name='hostings',
            field=models.ManyToManyField(related_name='clusters', through='sensemaking.ClusterMember', to='cohorts.hosting'),
        ),
        migrations.AddField(
            model_name='Cluster',
            name='participations',
            field=models.ManyToManyField(related_name='clusters', through='sensemaking.ClusterMember', to='cohorts.participation'),
        ),
        migrations.AddField(
            model_name='Session',
            name='cohorts',
            field=models.ManyToManyField(related_name='sessions', through='sensemaking.SessionCohort', to='cohorts.cohort'),
        ),
    ]

import datetime

import factory

from twinning.people.models import Invitation, User
from twinning.people.roles import PlatformRole

PASSWORD = "a-password-for-tests"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        administrator = factory.Trait(platform_role=PlatformRole.ADMINISTRATOR)
        coordinator = factory.Trait(platform_role=PlatformRole.COORDINATOR)
        facilitator = factory.Trait(platform_role=PlatformRole.FACILITATOR)
        observer = factory.Trait(platform_role=PlatformRole.OBSERVER)
        deactivated = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    time_zone = "Europe/Brussels"
    password = factory.django.Password(PASSWORD)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    secret_hash = factory.Sequence(lambda n: f"{n:064x}")
    invited_by = factory.SubFactory(UserFactory, administrator=True)
    expires_at = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)

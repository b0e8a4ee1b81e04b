import pytest

from tests.factories.outputs import OutputFactory, complete_roadmap
from tests.helpers.worlds import world  # noqa: F401 a fixture


@pytest.fixture
def roadmap(world):  # noqa: F811 the fixture
    """The draft roadmap of the world's `pairing`, complete: it could be submitted."""
    output = OutputFactory(pairing=world.pairing, draft=True)
    return complete_roadmap(output, by=world.lead_officer)

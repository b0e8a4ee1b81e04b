from .answer import FitStatement, PairingAnswer
from .city import City, CityName
from .cohort import Cohort, CohortTeamMember
from .event import CalendarFeed, Event, Milestone
from .fact import ContextFact
from .host import Host, HostCity, Hosting, HostNeed, HostStatement, HostTerm, host_cities, host_label
from .membership import FacilitatorAssignment, HostContact, Membership
from .pairing import Pairing
from .participation import Participation, ParticipationStrength, ParticipationTerm
from .programme import Programme, ProgrammeEvent, ProgrammeMilestone, ProgrammeModule, ProgrammeOutput
from .vocabulary import Term, Vocabulary

__all__ = [
    "CalendarFeed",
    "City",
    "CityName",
    "Cohort",
    "CohortTeamMember",
    "ContextFact",
    "Event",
    "FacilitatorAssignment",
    "FitStatement",
    "Host",
    "HostCity",
    "HostContact",
    "HostNeed",
    "HostStatement",
    "HostTerm",
    "Hosting",
    "Membership",
    "Milestone",
    "Pairing",
    "PairingAnswer",
    "Participation",
    "ParticipationStrength",
    "ParticipationTerm",
    "Programme",
    "ProgrammeEvent",
    "ProgrammeMilestone",
    "ProgrammeModule",
    "ProgrammeOutput",
    "Term",
    "Vocabulary",
    "host_cities",
    "host_label",
]

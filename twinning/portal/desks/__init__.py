from .facilitator import FacilitatorDesk, facilitator_desk
from .host import HostDesk, host_desk
from .officer import OfficerDesk, officer_desk
from .steering import SteeringDesk, observer_desk, steering_desk

__all__ = [
    "FacilitatorDesk",
    "HostDesk",
    "OfficerDesk",
    "SteeringDesk",
    "facilitator_desk",
    "host_desk",
    "observer_desk",
    "officer_desk",
    "steering_desk",
]

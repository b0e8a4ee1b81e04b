from .invitations import invitation_create, invitation_list, invitation_open, invitation_resend, invitation_withdraw
from .own import own_settings
from .people import person_deactivate, person_detail, person_list, person_reactivate, person_role

__all__ = [
    "invitation_create",
    "invitation_list",
    "invitation_open",
    "invitation_resend",
    "invitation_withdraw",
    "own_settings",
    "person_deactivate",
    "person_detail",
    "person_list",
    "person_reactivate",
    "person_role",
]

"""Who the people are: accounts, platform roles, invitations, sign-in."""

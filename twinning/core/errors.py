"""What a service may refuse. Views turn a refusal into a message beside the form; commands into a sentence."""


class Refused(Exception):
    """A rule forbids this. `str(error)` is one translated sentence for the person who asked."""


class TransitionRefused(Refused):
    """The move is not possible from the present state."""


class Conflict(Refused):
    """Somebody else changed the same thing meanwhile. `theirs` is what stands there now."""

    def __init__(self, message: str, *, theirs: object) -> None:
        super().__init__(message)
        self.theirs = theirs

"""How a button answers: the service does it or refuses it, the person reads a sentence, the page comes again."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from twinning.core.errors import Refused
from twinning.core.transitions import Table


def answer(request: HttpRequest, act: Callable[[], object], *, said: str, then: object) -> HttpResponse:
    """Call `act`; say `said`, or why it was refused; go to `then`."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        messages.success(request, said)
    return redirect(then)


def unless_past(request: HttpRequest, thing, moves: Table, move: str) -> HttpResponse | None:
    """Back to a thing whose state allows the move no longer, saying so; None while it does.

    An old window or address would otherwise go on asking a question that nobody can answer.
    """
    if moves.allows(move, state=thing.state):
        return None
    messages.info(
        request, _("Nothing was changed. The state is now: %(state)s.") % {"state": thing.get_state_display()}
    )
    return redirect(thing)


def try_for(form, act: Callable[[], object]) -> bool:
    """Call `act` for a valid form; a refusal becomes an error of the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as fault:
        for name, said in fault.message_dict.items() if hasattr(fault, "error_dict") else [(None, fault.messages)]:
            form.add_error(name if name in form.fields else None, said)
    return not form.errors

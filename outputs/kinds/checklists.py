"""What a reviewer asks of each kind of output. Proposed by this project; every programme may have its own questions."""

from django.utils.translation import gettext_lazy as _

from .spec import Words

QUESTIONS: dict[str, tuple[Words, ...]] = {
    "learning_roadmap": (
        _("Would somebody who has never visited understand where the city stands?"),
        _("Is every objective a question that the host can help to answer?"),
        _("Has every objective an owner, an activity and a date?"),
        _("Does the host learn something too?"),
        _("Does every visit serve an objective?"),
        _("Is it clear who acts when a risk comes true?"),
    ),
    "stakeholder_plan": (
        _("Are own departments beyond the climate office among the stakeholders?"),
        _("Are a decision maker and a group that is affected among them?"),
        _("Has everybody of high influence an action with an owner?"),
        _("Is it clear how groups that are seldom heard are reached?"),
        _("Is the path to a decision realistic?"),
    ),
    "transferability_assessment": (
        _("Is the evidence named, rather than an impression?"),
        _("Are conditions that are not known called unknown?"),
        _("Has every missing condition a plan, or a reason to stop?"),
        _("Does every verdict follow from its conditions?"),
        _("Is there something that is not transferred, with a reason?"),
    ),
    "action_plan": (
        _("Can every action be traced to something that was learned?"),
        _("Has every action an owner and a first step within six months?"),
        _("Is the state of the money clear for every action?"),
        _("Can one tell from the indicators whether it works?"),
        _("Is a decision of the council or executive recorded, or the reason why there is none?"),
    ),
    "info_session": (
        _("Were several departments and an outside partner there?"),
        _("Would a colleague who missed it understand the messages?"),
        _("Is at least one follow-up assigned to somebody?"),
        _("Will colleagues find the material next year?"),
    ),
}

from .proposal import ProposalForm
from .run import RunForm

__all__ = ["ProposalForm", "RunForm"]

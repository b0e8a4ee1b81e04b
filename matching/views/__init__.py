from .bands import band_list
from .decisions import run_announce, run_confirm, run_discard
from .hindsight import hindsight
from .proposals import proposal_change
from .rematching import rematch_announce, rematch_plan, rematch_prices
from .restrictions import rule_end, rule_list, rule_mend, wish_edit
from .runs import run_cancel, run_detail, run_list, run_mend
from .scenarios import scenario_compare, scenario_confirm, scenario_discard, scenario_list, scenario_tradeoff
from .studio import scenario_studio

__all__ = [
    "band_list",
    "hindsight",
    "proposal_change",
    "rematch_announce",
    "rematch_plan",
    "rematch_prices",
    "rule_end",
    "rule_list",
    "rule_mend",
    "run_announce",
    "run_cancel",
    "run_confirm",
    "run_detail",
    "run_discard",
    "run_list",
    "run_mend",
    "scenario_compare",
    "scenario_confirm",
    "scenario_discard",
    "scenario_list",
    "scenario_studio",
    "scenario_tradeoff",
    "wish_edit",
]

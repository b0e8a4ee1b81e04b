from .criterion import Criterion, TargetBand
from .proposal import Proposal
from .rule import Rule, Wish
from .run import Run
from .scenario import Scenario, ScenarioComment, ScenarioStep

__all__ = ["Criterion", "Proposal", "Rule", "Run", "Scenario", "ScenarioComment", "ScenarioStep", "TargetBand", "Wish"]

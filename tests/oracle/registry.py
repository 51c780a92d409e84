"""What a rule's step must give: the file of rules/ that has its name, and the measures of the result."""

import importlib
import pathlib

from .measures import measure
from .network import Unknown

NOT_WRITTEN = {"traces"}  # of the step, for the measures


def rule_keys():
    """Every file of rules/ is a rule."""
    folder = pathlib.Path(__file__).parent / "rules"
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def rule_module(key):
    if key not in rule_keys():
        raise Unknown(f"the oracle has no rule '{key}': add tests/oracle/rules/{key}.py")
    return importlib.import_module(f".rules.{key}", __package__)


def settings_of(rule):
    """The rule's settings: its defaults, and what the example gives. One that the oracle does not know may
    change the step, so it is refused."""
    known = getattr(rule_module(rule["key"]), "SETTINGS", {})
    given = {name: value for name, value in rule.items() if name != "key"}
    for name in given:
        if name not in known:
            raise Unknown(f"rule.{name}: the oracle's {rule['key']} has no such setting")
    return {**known, **given}


def expectations(network, rule, state, draws):
    """`expect` of an example."""
    result = rule_module(rule["key"]).learn(network, settings_of(rule), state, draws)
    # A matrix that moves by an optimizer is not told as it is after the step.
    fixed = None if "feedback_gradient" in result else state.get("feedback")
    measures = measure(network, result, result.get("feedback", fixed))
    written = {key: value for key, value in result.items() if key not in NOT_WRITTEN}
    return {"loss": network.loss, "logits": network.h[-1], **written, "measures": measures}

"""Adopt a proposal: only one that passed every check, only as it was made, only with a signature (S2-34).

Nothing is edited in place: adopting returns another configuration.
"""

from __future__ import annotations

import json
from hashlib import sha256

from matchengine.config import EngineConfig, to_toml
from matchengine.errors import ConfigError, MatchEngineError
from matchengine.i18n import N_, _
from matchengine.learning.weights import Weights, written
from matchengine.records.learning import SignedDecision, WeightProposal

__all__ = ["AdoptionError", "adopt", "seal_of", "sealed", "signed_toml"]

_DIGITS = 16


class AdoptionError(MatchEngineError):
    """A proposal cannot be adopted: a check failed, it was changed, or nobody signed for it."""


def seal_of(proposal: WeightProposal) -> str:
    """Hash of everything in a proposal but the seal itself, 16 hexadecimal digits."""
    content = proposal.model_dump(mode="json", exclude={"seal"})
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:_DIGITS]


def sealed(proposal: WeightProposal) -> WeightProposal:
    """Return the proposal with its seal."""
    return proposal.model_copy(update={"seal": seal_of(proposal)})


def adopt(config: EngineConfig, proposal: WeightProposal, decision: SignedDecision | None) -> EngineConfig:
    """Return the configuration with the weights of a proposal.

    Raises
    ------
    AdoptionError
        With every reason: a check failed, the proposal was changed after it was made or belongs to another
        configuration, nobody signed, or the signature is that of another proposal.
    """
    problems = _problems(config, proposal, decision)
    if problems:
        raise AdoptionError(_("these weights are not adopted; nothing was changed"), problems)
    blocks = {each.name: each.learned for each in proposal.weights if each.of == "block"}
    scorers = {each.name: each.learned for each in proposal.weights if each.of != "block"}
    return written(config, proposal.kind, Weights(blocks, scorers))


def _problems(config: EngineConfig, proposal: WeightProposal, decision: SignedDecision | None) -> list[str]:
    found = []
    if seal_of(proposal) != proposal.seal:
        found.append(_("the proposal was changed after it was made; learn again"))
    if proposal.config != config.hash:
        told = N_("it was learned under configuration {theirs}, and this one is {ours}; learn again under this one")
        found.append(_(told, theirs=proposal.config, ours=config.hash))
    elif proposal.kind not in config.match:
        found.append(_("this configuration offers no kind of match {kind!r}", kind=proposal.kind))
    found += [each.text for each in proposal.gate if each.passed is False]
    if not proposal.gate or (not proposal.adoptable and all(each.passed is not False for each in proposal.gate)):
        found.append(_("it was not found fit to be adopted"))
    if decision is None:
        found.append(_("nobody signed: it takes a person's id, their reason, and the seal of the proposal"))
    elif decision.signature != proposal.seal:
        found.append(_("the signature is not the seal of this proposal"))
    return found


def signed_toml(config: EngineConfig, proposal: WeightProposal, decision: SignedDecision) -> str:
    """Write the configuration after adoption as TOML, with comments that say who adopted what, when and why.

    Raises
    ------
    AdoptionError
        As `adopt` does; and where the text could not be read back as it is meant.
    """
    from matchengine.config import parse_config

    made = adopt(config, proposal, decision)
    lines = [
        _("Weights of kind of match {kind!r}, learned and adopted.", kind=proposal.kind),
        _("Proposal {seal}, learned under configuration {config}.", seal=proposal.seal, config=proposal.config),
        _("Signed by {who} on {day}: {why}", who=decision.who, day=decision.on, why=json.dumps(decision.statement)),
    ]
    text = "".join(f"# {line}\n" for line in lines) + "\n" + to_toml(made)
    if parse_config(text) != made:
        raise ConfigError(_("the new configuration cannot be written as TOML and read back"))
    return text

"""An explanation in plain sentences, one thought a line, ready to be read out or put into a letter."""

from __future__ import annotations

from matchengine.i18n import N_, _
from matchengine.records import Explanation
from matchengine.records.result import Fit
from matchengine.records.vocabulary import Viewer

__all__ = ["FIT_SENTENCES", "plain_text"]

FIT_SENTENCES: dict[Fit, str] = {
    "good": N_("A good fit, as far as the data tell."),
    "fair": N_("A fair fit, as far as the data tell."),
    "poor": N_("A poor fit, as far as the data tell."),
    "too_little_known": N_("Too little is known to say how well it fits."),
}
_GAINS: dict[Viewer, tuple[str, str]] = {
    "requester": (N_("For you: {sentences}"), N_("For them: {sentences}")),
    "candidate": (N_("For them: {sentences}"), N_("For you: {sentences}")),
    "coordinator": (N_("For the one who looks: {sentences}"), N_("For the candidate: {sentences}")),
}


def plain_text(told: Explanation) -> str:
    """Return every sentence of an explanation once, one part a line."""
    lines: list[str] = []
    if told.fit is not None:
        lines.append(_(FIT_SENTENCES[told.fit]))
    if told.score is not None and told.confidence is not None:
        known = N_("{points:.1f} of 100 points; {share:.0%} of what the score needs is known.")
        lines.append(_(known, points=told.score, share=told.confidence))
    if told.place is not None:
        lines.append(_("Place {place} of {all} by points.", place=told.place, all=told.eligible))
    shared = [s for s in told.for_requester if s in told.for_candidate]
    for template, sentences in zip(_GAINS[told.viewer], (told.for_requester, told.for_candidate), strict=True):
        own = [s for s in sentences if s not in shared]
        lines += [_(template, sentences=" ".join(own))] if own else []
    lines += [_("In common: {sentences}", sentences=" ".join(shared))] if shared else []
    words = list(dict.fromkeys(word for reason in told.reasons for word in reason.words))
    lines += [_("Words in common: {words}.", words=", ".join(words))] if words else []
    against = [r.title for r in told.reasons if r.direction == "against" and r.strength != "slight"]
    lines += [_("Speaks against it: {titles}.", titles=", ".join(against))] if against else []
    lines += [_("To confirm: {sentence}.", sentence=s.rstrip(".")) for s in told.to_confirm]
    lines += list(told.limits)
    lines += [o.text for o in told.why_not]
    lines += [c.text for c in told.changes]
    if told.standing == "eligible":
        lines.append(_("This is a draft until both agree."))
    return "\n".join(lines)

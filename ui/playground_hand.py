"""The playground under the hand: its runs as data, and the sentences that the canvas says of them."""

from dataclasses import replace

from browser import program
from browser.hand import Live, Sentence
from figures.following import UPDATE
from optimizers import title_of
from optimizers.sensitivity import SENSITIVE
from ui.circles import live_rate_of_update
from ui.experiment import Experiment


def with_runs(live: Live, done: Experiment) -> Live:
    """What follows the hand, with the runs of an experiment, their inputs and their sentences."""
    settings = done.settings
    return replace(
        live,
        runs=program(done.loss, done.optimizers, settings.start, settings.updates),
        inputs=dict(zip(live.start, settings.start, strict=True)) | {UPDATE: settings.update},
        sentences=_sentences(done),
    )


def _sentences(done: Experiment) -> tuple[Sentence, ...]:
    if not done.optimizers:
        return ()
    sensitive = [title_of(name) for name in done.sensitive]
    said = [f"{' and '.join(sensitive)}: {SENSITIVE}."] if sensitive else []
    return (live_rate_of_update(done), *map(Sentence, said))

"""How well similar proposals are found, and what a suggestion costs.

``pairs.csv``: what somebody writes, and an earlier proposal that says the same in other words. Even pairs are
``held_out``: rules and weights are chosen by looking at the ``tuning`` ones only. ``distractors.csv``: proposals on
neighbouring topics (same place and another wish, same wish and another place). Both were written, and stored, before
there was anything to tune."""

"""What sets two versions of a policy apart, what of it is material, and whom it takes to.

`comparing` folds everybody by both versions and so finds exactly who is decided otherwise;
`declared` compares what the two say; `weighing` holds that against the rules of what is material,
which are data (`[material]` and `[notified]` of rules.toml); `effects` counts people.
"""

from plainview.engine.differing.differences import Difference, differences, reached, unadmitted
from plainview.engine.differing.effects import Effect, effects
from plainview.engine.differing.recipients import OURS
from plainview.engine.differing.unfit import unfit

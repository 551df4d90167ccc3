"""How subtitles are measured and checked: pure, and the same for server, report and editor.

`vectors.json` holds what both implementations must say, this one and the editor's in TypeScript;
`limits.csv` holds the limits of each house and language, with their source.
"""

from plainview.domains.subtitles.quality.checking import Finding, Timed, check
from plainview.domains.subtitles.quality.limits import Limits, current_limits, limits, offered
from plainview.domains.subtitles.quality.measuring import measure

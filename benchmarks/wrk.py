"""``wrk`` where it is installed: for GETs, which need no fresh value."""

import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.load import Sample, Target

_SCRIPT = """
local shots, turn = {}, 0
init = function(args)
%(shots)s
end
request = function()
  turn = turn %% #shots + 1
  return shots[turn]
end
done = function(summary, latency, requests)
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), summary.errors.status + lost))
end
"""


def path() -> str | None:
    """Where ``wrk`` is, or None."""
    return shutil.which("wrk")


def shoot(target: Target, clients: int, seconds: float, folder: Path) -> Sample:
    """Send ``target``'s GETs from ``clients`` connections. Redirects count as answers to wrk: send none."""
    program = path()
    assert program is not None
    script = folder / "wrk.lua"
    script.write_text(_SCRIPT % {"shots": "\n".join(_lua(shot.path, dict(shot.headers)) for shot in target.shots)})
    threads = min(2, clients)
    command = [program, f"-t{threads}", f"-c{clients}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
    done = subprocess.run([*command, f"http://127.0.0.1:{target.port}/"], capture_output=True, text=True, check=True)
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    answered, microseconds, p50, p95, wrong = map(int, found.groups())
    return Sample(
        per_second=(answered - wrong) / (microseconds / 1e6),
        p50=p50 / 1000,
        p95=p95 / 1000,
        answered=answered - wrong,
        wrong=wrong,
    )


def _lua(path: str, headers: dict[str, str]) -> str:
    fields = ", ".join(f"[ [==[{name}]==] ] = [==[{value}]==]" for name, value in headers.items())
    return f"  shots[#shots + 1] = wrk.format('GET', [==[{path}]==], {{{fields}}})"

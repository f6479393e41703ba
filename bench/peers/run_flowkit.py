"""FlowKit, measured from inside its own process, for bench/peers.ts.

Reads one JSON request a line from standard input and answers with one JSON line:
    {"files": [...], "tree": ..., "cached": true}  ->  {"importSeconds", "wallSeconds", "cpuSeconds", "peakMiB", "counts"}
wallSeconds covers reading the files, parsing the Gating-ML document once and gating; not the import, which is said apart.
Counts are summed over the files by gate name.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

started = time.perf_counter()
import flowkit  # noqa: E402

import_seconds = time.perf_counter() - started


def measure(request):
    wall, cpu = time.perf_counter(), time.process_time()
    counts = {}
    strategy = flowkit.parse_gating_xml(request["tree"])
    for file in request["files"]:
        sample = flowkit.Sample(file)
        # gate_sample() directly: in one process analyze_samples() does not hand cache_events on.
        report = strategy.gate_sample(sample, cache_events=request["cached"]).report
        strategy.clear_cache()
        for name, count in zip(report["gate_name"], report["count"]):
            counts[str(name)] = counts.get(str(name), 0) + int(count)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "importSeconds": import_seconds,
        "wallSeconds": wall,
        "cpuSeconds": cpu,
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "counts": counts,
    }


for line in sys.stdin:
    print(json.dumps(measure(json.loads(line))), flush=True)

"""FlowKit, measured from inside its own process, for bench/peers.ts.

Reads one JSON request a line from standard input and answers with one JSON line:
    {"file": ..., "tree": ..., "cached": true}  ->  {"importSeconds", "wallSeconds", "cpuSeconds", "peakMiB", "counts"}
wallSeconds covers reading the file, parsing the Gating-ML document and gating; not the import, which is said apart.
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
    sample = flowkit.Sample(request["file"])
    strategy = flowkit.parse_gating_xml(request["tree"])
    # gate_sample() directly: in one process analyze_samples() does not hand cache_events on.
    report = strategy.gate_sample(sample, cache_events=request["cached"]).report
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "importSeconds": import_seconds,
        "wallSeconds": wall,
        "cpuSeconds": cpu,
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "counts": {str(name): int(count) for name, count in zip(report["gate_name"], report["count"])},
    }


for line in sys.stdin:
    print(json.dumps(measure(json.loads(line))), flush=True)

// One side of a benchmark in a process of its own, running the built code (dist/): reads one JSON request a line from standard input
// and answers with one JSON line {wallSeconds, cpuSeconds, peakMiB, …}. Plain JavaScript, so that a cold start is the product's own.
//   {"kind":"count","files":[…],"tree":…,"workers":1}   exact counts of every gate, summed over the files by gate id
//   {"kind":"ranges","files":[f],"tree":…,"workers":2}  one file cut into ranges of events
//   {"kind":"statistics","files":[f],"tree":…}          the same with exact statistics of every colour in every gate
//   {"kind":"columns","files":[f]}                      all parameters of a file as Float32Array columns
//   {"kind":"npmFcs","files":[f]}                       the same file by npm `fcs`, event by event
//   {"kind":"bytes","files":[f]}                        only reading the bytes, 1 MiB at a time: the limit
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const strategies = new Map();
const pool = [];

/** Parsed once a process for each document, as the product keeps one strategy a template. */
async function strategyOf(tree) {
  const known = strategies.get(tree);
  if (known !== undefined) return known;
  const { readGatingML } = await product();
  const { strategy, issues } = readGatingML(readFileSync(tree, 'utf8'));
  if (strategy === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  strategies.set(tree, strategy);
  return strategy;
}

async function countFile({ file, tree, range, statistics = false }) {
  const { countPopulations, readFcs, openFile } = await product();
  const strategy = await strategyOf(tree);
  const source = openFile(file);
  const fcs = readFcs(source);
  let counts;
  if (range === undefined) {
    const channels = statistics ? fcs.spillover.detectors : [];
    const wanted = channels.map((channel) => ({ channel, compensation: { kind: 'file' } }));
    ({ counts } = countPopulations(source, fcs, strategy, { statistics: wanted }));
  } else {
    const { createRangeCounter } = await import('../dist/gating/count.js');
    ({ counts } = createRangeCounter(source, fcs, strategy)({ kind: 'count', range }));
  }
  source.close();
  return Object.fromEntries(strategy.populations.map(({ id }, p) => [id, counts[p]]));
}

let modules;
async function product() {
  modules ??= {
    ...(await import('../dist/index.js')),
    ...(await import('../dist/fcs/node.js')),
  };
  return modules;
}

/** Sums the counts of tasks; each worker takes the next task when it is through with one (all are done here when there is one worker). */
async function countAll(tasks, workers) {
  const work = { tasks, next: new Int32Array(new SharedArrayBuffer(4)) };
  while (workers > 1 && pool.length < workers) pool.push(new Worker(fileURLToPath(import.meta.url)));
  const sums =
    workers === 1
      ? [await countNext(work)]
      : await Promise.all(pool.slice(0, workers).map((worker) => ask(worker, work)));
  return sums.reduce(plus, {});
}

async function countNext({ tasks, next }) {
  let sum = {};
  for (let t = Atomics.add(next, 0, 1); t < tasks.length; t = Atomics.add(next, 0, 1))
    sum = plus(sum, await countFile(tasks[t]));
  return sum;
}

function plus(a, b) {
  const sum = { ...a };
  for (const [id, count] of Object.entries(b)) sum[id] = (sum[id] ?? 0) + count;
  return sum;
}

async function ask(worker, work) {
  worker.postMessage(work);
  const [answer] = await once(worker, 'message');
  return answer;
}

const kinds = {
  async count({ files, tree, workers = 1 }) {
    return {
      counts: await countAll(
        files.map((file) => ({ file, tree })),
        workers,
      ),
    };
  },
  async statistics({ files: [file], tree }) {
    return { counts: await countFile({ file, tree, statistics: true }) };
  },
  async ranges({ files: [file], tree, workers }) {
    const { readFcs, openFile } = await product();
    const source = openFile(file);
    const { eventCount } = readFcs(source).data;
    source.close();
    const cut = (w) => Math.floor((eventCount * w) / workers);
    const tasks = Array.from({ length: workers }, (_, w) => ({
      file,
      tree,
      range: { firstEvent: cut(w), endEvent: cut(w + 1) },
    }));
    return { counts: await countAll(tasks, workers) };
  },
  async columns({ files: [file] }) {
    const { readEvents, readFcs, openFile } = await product();
    const source = openFile(file);
    const { table } = readEvents(source, readFcs(source), { scaling: 'raw' });
    source.close();
    return {
      events: table.count,
      checksum: checksum((p) => table.columns[p][table.count - 1], table.columns.length),
    };
  },
  async npmFcs({ files: [file] }) {
    const { default: FCS } = await import('fcs');
    const read = new FCS(
      { dataFormat: 'asNumber', groupBy: 'byEvent', eventsToRead: -1 },
      readFileSync(file),
    );
    const rows = read.dataAsNumbers;
    return { events: rows.length, checksum: checksum((p) => rows[rows.length - 1][p], rows[0].length) };
  },
  bytes({ files: [file] }) {
    const descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(1 << 20);
    let total = 0;
    for (let got = 1; got > 0; total += got) got = readSync(descriptor, buffer, 0, buffer.length, total);
    closeSync(descriptor);
    return { events: null, checksum: total };
  },
};

/** Sum of the last event's values: shows that two readers saw the same file. */
function checksum(valueOf, parameters) {
  let sum = 0;
  for (let p = 0; p < parameters; p++) sum += valueOf(p);
  return sum;
}

async function measure(request) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const answer = await kinds[request.kind](request);
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    ...answer,
  };
}

if (isMainThread) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`);
  }
  for (const worker of pool) await worker.terminate();
} else {
  parentPort.on('message', async (work) => parentPort.postMessage(await countNext(work)));
}

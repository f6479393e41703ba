#!/usr/bin/env node
// The command line: which commands there are and what they take. Each command is a file of its own, loaded only when it is called,
// because starting is a good part of the time that one small file takes.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { TableFormat } from '../datasets/index.ts';
import { exitCodeOf, exitCodes, sayError } from './exit.ts';
import type { ClusterCommandOptions } from './cluster.ts';
import type { ConvertOptions } from './convert.ts';
import type { DeidentifyOptions } from './deidentify.ts';
import type { EventsOptions } from './events.ts';
import type { GateOptions } from './gate.ts';
import type { InspectCommandOptions } from './inspect.ts';
import type { ReproduceOptions } from './reproduce.ts';
import type { RunOptions } from './run.ts';
import type { ServeCommandOptions } from './serve.ts';
import type { SimulateOptions } from './simulate.ts';
import { softwareName, version } from './software.ts';

const program = new Command('immunogate')
  .description('Flow-cytometry files in, immune population counts and endpoint tables out.')
  .version(version)
  .showHelpAfterError('(immunogate --help shows how to use it)')
  .exitOverride();

program
  .command('inspect')
  .description('Read FCS files wholly and say whether and how they read.')
  .argument('<file...>', 'FCS files')
  .option('--json', 'one JSON line a file')
  .option('--keywords', 'with all keywords')
  .option('--dataset <n>', 'which data set of a file of several, from 1', wholeNumber)
  .option('--strict', 'refuse files with any warning')
  .action(async (files: string[], options: InspectCommandOptions) => {
    const { inspect } = await import('./inspect.ts');
    process.exitCode = inspect(files, options);
  });

program
  .command('events')
  .description('Write the events of an FCS file as a table.')
  .argument('<file>', 'FCS file')
  .requiredOption('-o, --output <file>', 'where to write: .csv, .parquet or .fcs')
  .option('--dataset <n>', 'which data set of a file of several, from 1', wholeNumber)
  .option('--scale', 'apply gain and logarithmic amplification ($PnG, $PnE)')
  .option('--compensate', "apply the file's own spillover")
  .option('--compensation <csv>', 'apply the spillover of a table instead')
  .option(
    '--transform <spec>',
    'logicle:T=262144,W=0.5,M=4.5,A=0 for all colours, or CHANNEL=logicle:… ; may be repeated',
    (spec: string, before: readonly string[]) => [...before, spec],
    [],
  )
  .action(async (file: string, options: EventsOptions) => {
    const { events } = await import('./events.ts');
    await events(file, options);
  });

program
  .command('gate')
  .description('Gate FCS files: counts, statistics, gates and their provenance.')
  .argument('<file...>', 'FCS files; a name without its extension is the sample')
  .option(
    '-t, --template <file>',
    'gating template (.yaml, .json, or the name of one that ships: p1-tbnk), GatingML 2.0 (.xml) or FlowJo workspace (.wsp)',
  )
  .option('--strategy <file>', 'explicit gates: strategies/<sample>.json of a run, or a folder of them')
  .option('--compensation <csv>', "a matrix that counts instead of each file's own spillover")
  .requiredOption('-o, --out <folder>', 'where to write; a run that was stopped is continued')
  .option('--workers <n>', 'threads, default all', wholeNumber)
  .addOption(
    new Option('--membership <format>', 'also write the populations of every event').choices([
      'csv',
      'parquet',
    ]),
  )
  .option('--no-statistics', 'counts only: several times faster')
  .option('--fit-only', 'only place the gates, for review')
  .option('--dataset <n>', 'which data set of a file of several, from 1', wholeNumber)
  .option('--strict', 'refuse files with any warning')
  .option('--memory <MiB>', 'memory for running samples, default half of the machine', wholeNumber)
  .option('--recompute', 'gate everything again and compare with what is stored')
  .option('--wait', 'wait for another run on the same folder to end')
  .option('--json', 'the summary as JSON')
  .action(async (files: string[], options: GateOptions) => {
    const { gate } = await import('./gate.ts');
    process.exitCode = await gate(files, options, softwareName());
  });

program
  .command('run')
  .description('Run a study: gate its files, derive endpoints, compare visits, write all tables.')
  .argument('<study>', 'study.yaml, or the folder that holds it')
  .requiredOption('-o, --out <folder>', 'where to write; a run that was stopped is continued')
  .option('--workers <n>', 'threads, default all', wholeNumber)
  .option('--resume', 'insist on going on with a run that was stopped')
  .option('--memory <MiB>', 'memory for running samples, default half of the machine', wholeNumber)
  .option('--recompute', 'gate everything again and compare with what is stored')
  .option('--wait', 'wait for another run on the same folder to end')
  .option('--json', 'the summary as JSON')
  .action(async (study: string, options: RunOptions) => {
    const { run } = await import('./run.ts');
    process.exitCode = await run(study, options, softwareName());
  });

program
  .command('reproduce')
  .description('Make results of a study once more and say whether they are identical; writes nothing.')
  .argument('<study>', 'study.yaml, or the folder that holds it')
  .requiredOption('-o, --out <folder>', 'the --out of its run')
  .option('--sample <id...>', 'which samples, default all')
  .option('--workers <n>', 'threads, default all', wholeNumber)
  .option('--memory <MiB>', 'memory for running samples, default half of the machine', wholeNumber)
  .option('--json', 'one JSON line a sample')
  .action(async (study: string, options: ReproduceOptions) => {
    const { reproduce } = await import('./reproduce.ts');
    process.exitCode = await reproduce(study, options, softwareName());
  });

program
  .command('tables')
  .description('Write the tables of a finished run in another format, below its tables/.')
  .argument('<folder>', 'the --out of a run')
  .addOption(
    new Option('--format <format>', 'which')
      .choices(['csv', 'xpt', 'dataset-json', 'parquet', 'xlsx'])
      .makeOptionMandatory(),
  )
  .action(async (folder: string, { format }: { readonly format: TableFormat }) => {
    const { exportStudyTables } = await import('./tables.ts');
    process.exitCode = exportStudyTables(folder, format);
  });

program
  .command('report')
  .description('Write the report of a finished run: page, figures as SVG, PNG and CSV, and a PDF.')
  .argument('<folder>', 'the --out of a run')
  .action(async (folder: string) => {
    const { report } = await import('./report.ts');
    process.exitCode = await report(folder);
  });

program
  .command('lint-template')
  .description('Say everything that is wrong with gating templates.')
  .argument('<template...>', 'template files (.yaml, .json), or names of those that ship')
  .option('--json', 'one JSON line an issue')
  .action(async (files: string[], options: { readonly json?: boolean }) => {
    const { lintTemplates } = await import('./lint-template.ts');
    process.exitCode = lintTemplates(files, options);
  });

program
  .command('convert')
  .description('Write gates in another form: Gating-ML (.xml), strategy (.json), template (.yaml).')
  .argument('<in>', '.xml, .wsp (FlowJo), .json (strategy) or a template of drawn gates')
  .argument('<out>', '.xml, .json or .yaml')
  .option('--sample <name>', 'which sample of a FlowJo workspace')
  .option('--fcs <file>', 'a file whose channels a template is meant for')
  .option('--dataset <n>', 'which data set of that file, where it has several, from 1', wholeNumber)
  .action(async (input: string, output: string, options: ConvertOptions) => {
    const { convert } = await import('./convert.ts');
    process.exitCode = await convert(input, output, options);
  });

program
  .command('verify-store')
  .description('Re-hash every stored result and the audit chain of an output folder.')
  .argument('<folder>', 'the --out of a run')
  .action(async (folder: string) => {
    const { verifyStore } = await import('./verify-store.ts');
    process.exitCode = verifyStore(folder, softwareName());
  });

program
  .command('verify-install')
  .description('Check that this installation computes right on this machine, and print a dated report.')
  .action(async () => {
    const { verifyInstall } = await import('./verify-install.ts');
    process.exitCode = await verifyInstall(softwareName());
  });

program
  .command('deidentify')
  .description('Write FCS files anew without the keywords that identify people; values stay as they are.')
  .argument('<file...>', 'FCS files; originals are not altered')
  .requiredOption('-o, --out <folder>', 'where to write')
  .option('--samples <csv>', 'manifest with file, subject and visit: names become study-subject-visit-n.fcs')
  .option('--study <id>', 'study id for these names')
  .option('--dataset <n>', 'which data set of a file of several, from 1', wholeNumber)
  .action(async (files: string[], options: DeidentifyOptions) => {
    const { deidentify } = await import('./deidentify.ts');
    process.exitCode = deidentify(files, options);
  });

program
  .command('cluster')
  .description('Explore: part the events of a gated population into clusters (k-means).')
  .argument('<file>', 'FCS file')
  .requiredOption('-t, --template <file>', 'gating template (.yaml, .json, or the name of one that ships)')
  .requiredOption('-p, --population <id>', 'id or path of the population')
  .requiredOption('-c, --channels <names>', 'markers or channels, separated by commas')
  .option('-k, --clusters <n>', 'how many', wholeNumber, 8)
  .option('--dataset <n>', 'which data set of a file of several, from 1', wholeNumber)
  .option('--seed <n>', 'chooses the random starts', wholeNumber, 1)
  .requiredOption('-o, --output <file>', 'where to write event,cluster (.csv); events count from 0')
  .option('--json', 'the summary as JSON')
  .action(async (file: string, options: ClusterCommandOptions) => {
    const { cluster } = await import('./cluster.ts');
    process.exitCode = await cluster(file, options);
  });

program
  .command('simulate')
  .description(
    'Write a synthetic study with known truth: FCS files, manifest, blood counts, clinical tables.',
  )
  .requiredOption('-o, --out <folder>', 'where the study goes')
  .option('--subjects <n>', 'patients (default: 20)', wholeNumber)
  .option('--visits <n>', 'visits a patient, 1 to 5 (default: 4)', wholeNumber)
  .option('--seed <n>', 'the same seed writes the same bytes (default: 1)', wholeNumber)
  .option('--panels <ids>', 'panels separated by commas, such as P1,P6w (default: all but P6p)')
  .option('--scale <x>', 'part of the usual acquisition (default: 0.1; P1 is always whole)', decimalNumber)
  .option('--failures <share>', 'share of stained tubes that went wrong, 0 to 1 (default: 0)', decimalNumber)
  .option('--no-controls', 'no FMO and no drug-saturated tubes')
  .option(
    '--heavy',
    'skewed and heavy-tailed levels with cells in between; labels such as CD4N~CCR7 say what those no longer show',
  )
  .action(async (options: SimulateOptions) => {
    const { simulate } = await import('./simulate.ts');
    process.exitCode = simulate(options);
  });

program
  .command('serve')
  .description('Show a folder of studies in a browser on this machine; prints the address.')
  .argument('[dir]', 'folder of studies (default: this folder)', '.')
  .option('--port <n>', 'port (default: 8321; 0 = any that is free)', portNumber)
  .option('--listen <address>', 'another address than 127.0.0.1: reachable from outside')
  .option('--workers <n>', 'threads of a run (default: all)', wholeNumber)
  .option('--quota <GiB>', 'room for the uploaded files of each study (default: 1024)', positiveNumber)
  .option('--largest-file <GiB>', 'size of an uploaded file at most (default: 2)', positiveNumber)
  .action(async (dir: string, options: ServeCommandOptions) => {
    const { serve } = await import('./serve.ts');
    process.exitCode = await serve(dir, options, { software: softwareName(), version });
  });

// a reader that has seen enough (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.io);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else {
    sayError(error);
    process.exitCode = exitCodeOf(error);
  }
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be 0 to 65535.');
  return Number(text);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = decimalNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
}

function decimalNumber(text: string): number {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError('It must be a number such as 0.5.');
  return Number(text);
}

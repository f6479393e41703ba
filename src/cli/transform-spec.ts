// --transform: a scale as text, `logicle:T=262144,W=0.5,M=4.5,A=0`, for all colours or for one channel (`PE-A=asinh:cofactor=150`).
import type { ScaleFunction, Transform } from '../signal/index.ts';
import { UsageError } from './exit.ts';

export interface ChannelTransform {
  /** null = every fluorescence channel that has none of its own. */
  readonly channel: string | null;
  readonly transform: Transform;
}

type Kind = ScaleFunction['kind'];

/** Letters of each scale and those that may be left out, with their default. */
const letters: Readonly<Record<Kind, Readonly<Record<string, number | null>>>> = {
  linear: { T: null, A: 0 },
  log: { T: null, M: null },
  asinh: { T: null, M: null, A: 0 },
  logicle: { T: null, W: null, M: null, A: 0 },
  hyperlog: { T: null, W: null, M: null, A: 0 },
  asinhCofactor: { cofactor: null },
  biex: { T: null, neg: null, width: null, pos: null, channels: 4096 },
};

export function parseTransform(spec: string): ChannelTransform {
  const found = /^(?:(.+)=)?([A-Za-z]+):([^:]*)$/.exec(spec);
  if (found === null) throw wrong(spec, 'expected KIND:LETTER=NUMBER,… or CHANNEL=KIND:LETTER=NUMBER,…');
  const [, channel = null, word, list] = found;
  const given = new Map(list.split(',').map((part) => pair(part, spec)));
  const kind = word === 'asinh' && given.has('cofactor') ? 'asinhCofactor' : word;
  if (!isKind(kind))
    throw wrong(
      spec,
      `unknown scale ${word}; known are ${Object.keys(letters).slice(0, 5).join(', ')}, biex`,
    );
  const wanted = letters[kind];
  const unknown = [...given.keys()].find((letter) => !Object.hasOwn(wanted, letter));
  if (unknown !== undefined)
    throw wrong(spec, `${word} has no ${unknown}; it has ${Object.keys(wanted).join(', ')}`);
  const values = Object.entries(wanted).map(([letter, otherwise]) => {
    const value = given.get(letter) ?? otherwise;
    if (value === null) throw wrong(spec, `${word} needs ${letter}`);
    return [letter, value] as const;
  });
  const scale = { kind, ...Object.fromEntries(values) } as ScaleFunction;
  return { channel, transform: { scale, boundMin: null, boundMax: null } };
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(letters, word);
}

function pair(part: string, spec: string): readonly [string, number] {
  const found = /^\s*([A-Za-z]+)\s*=\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$/.exec(part);
  if (found === null) throw wrong(spec, `${part.trim() || 'nothing'} is not LETTER=NUMBER`);
  return [found[1], Number(found[2])];
}

function wrong(spec: string, why: string): UsageError {
  return new UsageError(`--transform ${spec}: ${why}.`);
}

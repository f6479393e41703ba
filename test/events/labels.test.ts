// Spellings of $PnN and $PnS as they stand in files of many instruments, against the tables of populations.md 1.2 and 1.3.
import { describe, expect, it } from 'vitest';
import {
  canonicalMarkers,
  findChannel,
  findFluorochrome,
  findMarker,
  findNamedChannel,
  findScatter,
  labelChannels,
  markerName,
  type Channel,
} from '../../src/events/index.ts';
import { ImmunogateError } from '../../src/errors.ts';

const label = (...pairs: readonly (readonly [string, string?])[]): Channel[] =>
  labelChannels(pairs.map(([name, stain]) => ({ name, stain: stain ?? null, range: 262144 })));

function refusal(run: () => unknown): ImmunogateError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImmunogateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('markers from stains', () => {
  it.each([
    [
      'CD3',
      'CD3 | CD3E | CD3ε | T3 | CD3 FITC | CD3-FITC-A | Leu4 | cd 3 | FITC CD3 | CD3:FITC | CD3_PerCP-Cy5.5 | 170Er_CD3 | CD3 (SK7) FITC | Comp-CD3-A',
    ],
    [
      'CD16_56',
      'CD16+CD56 | CD16/56 | CD16CD56 | CD56/16 | CD16+56 PE | CD16+56 | CD56+CD16 PE | CD16_56 | CD16+CD56 PE-A',
    ],
    [
      'CD4',
      'CD4 | anti-CD4 | α-CD4 PE | αCD4 | hCD4 | anti-human CD4 | CD4 PE-Cy7 | CD4-PE | CD4 BV786 | 145Nd_CD4 | CD4 PC7 | T4',
    ],
    ['CD8', 'CD8 | CD8a | CD8b | T8 | Leu2 | CD8 APC-H7 | CD8a AF700 | CD8-APC-A750'],
    ['CD45', 'CD45 | CD45 PerCP-Cy5-5-A | CD45-PC7 | CD45 Qdot605 | 89Y_CD45 | CD45_Y89'],
    ['CD45RA', 'CD45RA | CD45-RA | CD45RA-PE-CF594 | CD45RA_La139'],
    ['HLADR', 'HLADR | HLA-DR | HLA DR | DR | MHCII | HLADr | HLA-DR BV605 | HLA-DR_Yb174'],
    [
      'VIAB',
      'FVS510 | Viability FVS510 | FVD506 | Zombie NIR | Zombie Aqua | L/D | L/D Aqua | Live/Dead NIR | Dead | Live | LIVE/DEAD Fixable Yellow | Viability | Aqua | Amine | Ghost Red 780 | 7AAD | 7-AAD | DAPI | PI | Propidium Iodide | DRAQ7 | SYTOX Blue | eFluor506 | EF780 | viability;7-AAD;695/40@488/A',
    ],
    ['PD1', 'PD1 | PD-1 | CD279 | PDCD1 | PD-1 PE'],
    ['TIM3', 'TIM3 | TIM-3 | CD366 | HAVCR2 | TIM-3_Gd154'],
    ['LAG3', 'LAG3 | CD223'],
    ['CCR7', 'CCR7 | CD197 | 167Er_CD197_CCR7 | CCR7 BV421'],
    ['CD62L', 'CD62L | LSEL | CD62L PerCP-Cy5.5'],
    ['CD127', 'CD127 | IL7RA | IL-7R | 176Yb_CD127_IL-7Ra'],
    ['CD25', 'CD25 | IL2RA | 153Eu_CD25_IL-2Ra'],
    ['CD107A', 'CD107a | LAMP1 | LAMP-1'],
    ['IFNG', 'IFNG | IFN-g | IFN-γ | IFNgamma | IFN gamma | IFN-γ APC'],
    ['GZMB', 'GZMB | Granzyme B | GranzymeB BV421 | GrB'],
    ['PERF', 'PRF | Perf | Perforin FITC | PRF1'],
    ['IGG4', 'IgG4 | hIgG4 | anti-IgG4 | anti-hIgG4 FITC | HP6025'],
    ['CD1C', 'CD1c | BDCA1 | BDCA-1'],
    ['CD294', 'CD294 | CRTH2 | DP2'],
    ['LOX1', 'LOX1 | LOX-1 APC | OLR1'],
    ['CD66B', 'CD66b | CEACAM8 | CD66b PerCP-Cy5.5'],
    ['CD15', 'CD15 | SSEA-1 | LewisX'],
    ['CD123', 'CD123 | IL-3RA | 143Nd_CD123_IL-3R'],
    ['CD11B', 'CD11b | Mac-1 | ITGAM'],
    [
      'LIN',
      'Lin | Lin1 | Lineage | Dump | EXCL | Lin(CD3/CD19/CD20/CD56/CD66b) AF700 | Dump CD3+CD14 AF700 | CD14+CD19 | CD3/19/20/56 | CD3_CD19_Pr141',
    ],
  ])('%s', (marker, spellings) => {
    for (const stain of spellings.split(' | ')) {
      expect([stain, label(['X-A', stain])[0].marker]).toEqual([stain, marker]);
    }
  });

  it('never matches a prefix', () => {
    const alone =
      'CD3 CD38 CD33 CD303 CD4 CD40 CD45 CD8 CD80 CD83 CD86 CD1C CD16 CD19 CD123 CD141 CD161 CD163 CD45RA CD45RO'.split(
        ' ',
      );
    expect(alone.map((stain) => label(['X-A', stain])[0].marker)).toEqual(alone);
  });

  it('keeps a marker of its own that no table knows, and none for empty or descriptive words', () => {
    const own = ['pSTAT3', 'Ki-67', 'TCRgd', 'B220', 'p38', 'CD235ab_CD61'];
    expect(own.map((stain) => label(['X-A', stain])[0].marker)).toEqual([
      'PSTAT3',
      'KI67',
      'TCRGD',
      'B220',
      'P38',
      'CD235AB_CD61',
    ]);
    const none = [
      'empty',
      'Isotype Control',
      'FITC',
      'PE-Cy7',
      'FL1 Log',
      'V2-A',
      '488-513/26',
      'xxxx',
      '   ',
      'PerCP-A',
    ];
    expect(none.map((stain) => label(['X-A', stain])[0].marker)).toEqual(none.map(() => null));
  });

  it('reads the name where there is no stain, but takes no detector for a marker', () => {
    expect(label(['CD8'], ['HLADr'], ['CD3 FITC-A'], ['FJComp-CD19-A']).map((c) => c.marker)).toEqual([
      'CD8',
      'HLADR',
      'CD3',
      'CD19',
    ]);
    const detectors = [
      'FITC-A',
      'Pacific Blue-A',
      'R780-A',
      'V450-A',
      'FL1-H',
      'Alexa Fluor 700-A',
      'APC-e780-A',
      'BL 530/30-A',
      'PB450-A',
      'AmCyan-A',
    ];
    expect(label(...detectors.map((name) => [name] as const)).map((c) => c.marker)).toEqual(
      detectors.map(() => null),
    );
  });

  it('names sets of markers without regard to order', () => {
    expect(canonicalMarkers('CD56/16')).toEqual(['CD16', 'CD56']);
    expect(markerName(['CD56', 'CD16'])).toBe('CD16_56');
    expect(label(['X-A', 'Live/Dead CD14 CD19'])[0].marker).toBe('LIN_VIAB');
  });

  it('takes linear time on hostile text', () => {
    const begin = performance.now();
    for (const stain of [
      'CD3+'.repeat(50000),
      'PE-'.repeat(50000),
      '-'.repeat(200000),
      '('.repeat(200000),
      'CD3/19'.repeat(40000),
    ]) {
      label(['X-A', stain], [stain, 'CD3']);
    }
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe('kinds and pulses', () => {
  it.each([
    ['scatter A', 'FSC-A | SSC-A | FS INT | SS INT LIN | FSC LinA | SSC1-Area | SSC-B-A'],
    ['scatter H', 'FSC-H | FSC.H | FS PEAK | FS-Peak-Lin | FSC LogH | 405nm 405SSC (405/10) LogH'],
    ['scatter W', 'FSC-W | FSC-Width | FS TOF'],
    ['scatter null', 'FSC | SS | FS Lin | SS Log'],
    ['fluorescence A', 'FITC-A | FL1 INT LOG | FL11-Area | PerCP-Cy5-5-A | FL4 PI-A'],
    ['fluorescence H', 'FL1-H | FL1.H | FL2-Peak-Lin'],
    ['fluorescence null', 'FL1 | FL1 Log | CD8 | Pr141Di | (In115)Dd | FSCx'],
    ['time null', 'Time | TIME | TIME2 | HDR-T | Time MSW | Computed Time'],
    [
      'other null',
      'Event_length | Cell_length | Width | Center | Offset | Residual | beadDist | HDR-CE | EV | Event Count | DOUBLET | Unused6',
    ],
  ])('%s', (expected, names) => {
    for (const name of names.split(' | ')) {
      const [channel] = label([name]);
      expect([name, `${channel.kind} ${channel.pulse}`]).toEqual([name, expected]);
    }
  });
});

const canto = label(
  ['FSC-A'],
  ['SSC-A'],
  ['FITC-A', 'CD3'],
  ['PE-A', 'CD16+56'],
  ['PerCP-Cy5-5-A', 'CD45'],
  ['PE-Cy7-A', 'CD4'],
  ['APC-A', 'CD19'],
  ['APC-Cy7-A', 'CD8'],
  ['BL 530/30-A'],
  ['Time'],
);

describe('findChannel', () => {
  it('finds the exact name, and the name as FlowJo writes it', () => {
    expect(findChannel(canto, 'PE-A')).toBe(3);
    expect(findChannel(canto, 'BL 530/30-A')).toBe(8);
    expect(findChannel(canto, 'BL 530_30-A')).toBe(8);
  });
  it('names the nearest channels when there is none', () => {
    const error = refusal(() => findChannel(canto, 'PE-Cy5-A'));
    expect(error.code).toBe('E_CHANNEL_MISSING');
    expect(error.message).toMatch(/PE-Cy7-A/);
    expect(refusal(() => findChannel(canto, '__proto__')).code).toBe('E_CHANNEL_MISSING');
    expect(refusal(() => findChannel([], 'PE-A')).code).toBe('E_CHANNEL_MISSING');
  });
  it('refuses a FlowJo name that fits two', () => {
    expect(refusal(() => findChannel(label(['a/b_c'], ['a_b/c']), 'a_b_c')).code).toBe('E_CHANNEL_AMBIGUOUS');
  });
});

describe('findNamedChannel', () => {
  it('refuses a name that the file has twice, and finds the second by its own', () => {
    const twice = label(['FSC-A'], ['FSC-A#2'], ['FSC-A#x'], ['PE-A']);
    const { code, message } = refusal(() => findNamedChannel(twice, 'FSC-A'));
    expect(code).toBe('E_CHANNEL_AMBIGUOUS');
    expect(message).toMatch(/FSC-A, FSC-A#2\.$/);
    expect([findNamedChannel(twice, 'FSC-A#2'), findNamedChannel(twice, 'PE-A')]).toEqual([1, 3]);
  });
});

describe('findMarker', () => {
  it('folds the asked name through the same table', () => {
    expect([
      findMarker(canto, 'CD3'),
      findMarker(canto, 'cd8a'),
      findMarker(canto, 'CD56/CD16'),
      findMarker(canto, 'CD16_56'),
    ]).toEqual([2, 7, 3, 3]);
  });
  it('prefers the area, takes the height where there is no area', () => {
    expect(findMarker(label(['FL1-H', 'CD3'], ['FL1-A', 'CD3'], ['FL1-W', 'CD3']), 'CD3')).toBe(1);
    expect(findMarker(label(['FL1-H', 'CD3']), 'CD3')).toBe(0);
  });
  it('names all candidates of an ambiguous marker and what there is for a missing one', () => {
    const twice = refusal(() => findMarker(label(['FITC-A', 'CD8 FITC'], ['PE-A', 'CD8b PE']), 'CD8'));
    expect(twice.code).toBe('E_CHANNEL_AMBIGUOUS');
    expect(twice.message).toMatch(/FITC-A \(CD8 FITC\).*PE-A \(CD8b PE\)/);
    const missing = refusal(() => findMarker(canto, 'CD56'));
    expect(missing.code).toBe('E_CHANNEL_MISSING');
    expect(missing.message).toMatch(/CD16_56/);
  });
});

describe('findFluorochrome', () => {
  // one row of populations.md 1.3 a line: fluorochrome, then the detector of each maker
  it.each([
    ['BV421', 'BV421-A | V450-A | Pacific Blue-A | PB450-A | PacBlu-A | e450-A | VL1-A'],
    ['BV510', 'BV510-A | V500-A | AmCyan-A | KO525-A | VL2-A'],
    ['BV605', 'BV605-A | Qdot 605-A | Violet610-A | VL3-A'],
    ['BV650', 'BV650-A | Qdot655-A | Violet660-A | VL4-A'],
    ['BV785', 'BV786-A | Violet780-A'],
    ['FITC', 'FITC-A | Alexa Fluor 488-A | Ax488-A | BL1-A | B515-A | BB515-A'],
    ['PE', 'PE-A | YL1-A | G560-A'],
    ['PE-CF594', 'PE-CF594-A | PE-Texas Red-A | ECD-A | PE-TR-A | YL2-A'],
    ['PerCP-Cy5.5', 'PerCP-Cy5-5-A | PC5.5-A | PerCP-Cy55-A | BL3-A'],
    ['PE-Cy7', 'PE-Cy7-A | PC7-A | YL4-A | G780-A'],
    ['APC', 'APC-A | Alexa Fluor 647-A | RL1-A'],
    ['AF700', 'Alexa Fluor 700-A | APC-A700-A | Ax700-A | RL2-A'],
    ['APC-Cy7', 'APC-Cy7-A | APC-H7-A | APC-A750-A | APC-e780-A | RL3-A | R780-A'],
  ])('%s', (fluorochrome, detectors) => {
    for (const name of detectors.split(' | ')) {
      expect([name, findFluorochrome(label(['FSC-A'], ['SSC-A'], [name]), fluorochrome)]).toEqual([name, 2]);
    }
  });
  it('knows the order of detectors of makers that only number them', () => {
    expect(findFluorochrome(label(['FS INT'], ['FL1 INT'], ['FL5 INT'], ['FL6 INT']), 'PE-Cy7')).toBe(2);
    expect(findFluorochrome(label(['V1-A'], ['B2-A'], ['YG1-A'], ['R1-A']), 'APC')).toBe(3);
    expect(refusal(() => findFluorochrome(label(['FSC-H'], ['FL4-H']), 'PerCP-Cy5.5')).code).toBe(
      'E_CHANNEL_MISSING',
    );
  });
  it('reads the stain where the detector is only a number', () => {
    expect(
      findFluorochrome(label(['FL6-H', 'PB450-H'], ['FL6-A', 'PB450-A'], ['FL10-A', 'PE-A']), 'BV421'),
    ).toBe(1);
  });
});

describe('findScatter', () => {
  it.each([
    ['FSC-A', ['FS INT', 'FS PEAK', 'SS INT'], 0],
    ['FSC-A', ['FSC', 'SSC'], 0],
    ['SSC-H', ['FSC.H', 'SSC.H'], 1],
    ['FSC-H', ['FSC-A', 'SSC-A'], null],
    ['CD3', ['FSC-A'], null],
    ['SSC-A', ['SSC-B-A', 'SSC-A'], 1],
  ])('%s in %j', (name, names, expected) => {
    expect(findScatter(label(...names.map((n) => [n] as const)), name)).toBe(expected);
  });
  it('refuses to choose between two side scatters', () => {
    expect(refusal(() => findScatter(label(['SSC-B-A'], ['SSC-V-A']), 'SSC-A')).code).toBe(
      'E_CHANNEL_AMBIGUOUS',
    );
  });
});

// The tubes of a recovery run: small trials at centres with other cytometers, spellings and batches, every visit of every subject,
// all artefacts on and a spillover matrix that is off. Which tubes they are follows from the options alone.
import {
  panels,
  simulateStudy,
  type PanelId,
  type PlannedTube,
  type StainStyle,
  type Vendor,
} from '../../src/simulate/index.ts';

export interface RecoveryOptions {
  readonly panel: PanelId;
  /** Number of tubes that are scored. */
  readonly files: number;
  readonly seed: string;
  /** `skewed`: skewed, heavy-tailed levels with cells in between. */
  readonly variant: 'normal' | 'skewed';
  /** Part of itself by which every coefficient of $SPILLOVER is off. Default 0.1. */
  readonly misset?: number;
  /** Part of the usual acquisition; default one that gives 50,000 to 120,000 events. */
  readonly scale?: number;
}

/** A tube to be scored, and all tubes of its study: its controls are among them. */
export interface ScoredTube {
  readonly planned: PlannedTube;
  readonly study: readonly PlannedTube[];
}

const vendors: readonly Vendor[] = ['BD', 'CytoFLEX', 'Navios', 'Aurora', 'Attune'];
const stains: readonly StainStyle[] = ['marker', 'markerDye', 'synonym'];
const visits = 5;
const mostCentres = 4;

/** Part of the usual acquisition that gives 50,000 to 120,000 events. */
const scales: Readonly<Record<PanelId, number>> = {
  ...{ P1: 1, P2: 0.6, P3: 1, P4: 0.6, P5: 0.2, P6w: 0.2, P6p: 0.6 },
};

export function recoveryTubes({
  panel,
  files,
  seed,
  variant,
  misset = 0.1,
  scale = scales[panel],
}: RecoveryOptions): readonly ScoredTube[] {
  const able = vendors.filter((vendor) => canHold(vendor, panel));
  const centres = Math.min(mostCentres, files);
  return Array.from({ length: centres }, (_, c) => {
    const wanted = Math.floor(files / centres) + (c < files % centres ? 1 : 0);
    const study = simulateStudy({
      ...{ id: `C${c + 1}`, subjects: Math.ceil(wanted / visits), visits, seed: `${seed}.${c + 1}` },
      ...{ panels: [panel], scale, misset },
      vendor: able[c % able.length],
      stains: stains[c % stains.length],
      levels: variant === 'skewed' ? 'heavy' : 'normal',
    });
    const scored = study.tubes.filter(isScored);
    // a run of a few tubes is not of baselines alone
    return Array.from({ length: wanted }, (_, i): ScoredTube => {
      const planned = scored[(i + (wanted < visits ? c : 0)) % scored.length];
      return { planned, study: study.tubes };
    });
  }).flat();
}

/** Stained and stimulated tubes; not FMO tubes and not the tube that was saturated with drug. */
function isScored({ role, stimulus }: PlannedTube): boolean {
  return role === 'stained' || (role === 'stimulated' && stimulus !== 'SATURATED');
}

function canHold(vendor: Vendor, panel: PanelId): boolean {
  const lacks: Readonly<Partial<Record<Vendor, readonly string[]>>> = {
    Navios: ['BV605', 'BV650', 'BV785'],
    Attune: ['BV785'],
  };
  return panels[panel].colours.every(({ fluor }) => lacks[vendor]?.includes(fluor) !== true);
}

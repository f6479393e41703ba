// The panels by id.
import type { Panel, PanelId } from './model.ts';
import { p1 } from './panels/p1.ts';
import { p2 } from './panels/p2.ts';
import { p3 } from './panels/p3.ts';
import { p4 } from './panels/p4.ts';
import { p5 } from './panels/p5.ts';
import { p6p, p6w } from './panels/p6.ts';

export const panels: Readonly<Record<PanelId, Panel>> = {
  P1: p1,
  P2: p2,
  P3: p3,
  P4: p4,
  P5: p5,
  P6w: p6w,
  P6p: p6p,
};

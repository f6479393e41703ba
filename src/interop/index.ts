// interop/: documents of other programs <-> gating strategies.
export { readGatingML, type ReadGatingMLOptions } from './gatingml/read.ts';
export { writeGatingML } from './gatingml/write.ts';

// interop/: documents of other programs <-> gating strategies.
export { readGatingML, type ReadGatingMLOptions } from './gatingml/read.ts';
export { writeGatingML } from './gatingml/write.ts';
export {
  readFlowJo,
  type FlowJoSample,
  type FlowJoWorkspace,
  type ReadFlowJoOptions,
} from './flowjo/read.ts';
export { bindFlowJo } from './flowjo/bind.ts';
export { templateOfStrategy, type StrategyTemplate } from './template.ts';

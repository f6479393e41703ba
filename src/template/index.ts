// template/: the one written form of a gating strategy. Text is parsed and checked here, shorthand made explicit, and a template
// bound to the channels of a file.
export type {
  GatingTemplate,
  TemplateAxis,
  TemplateCheck,
  TemplateEntry,
  TemplateGate,
  TemplateMethods,
  TemplateScale,
} from './schema.ts';
export { parseTemplate, type ParsedTemplate } from './parse.ts';
export { expandTemplate, sharedNeeds, type ExplicitEntry, type ExplicitRule } from './expand.ts';
export { bindTemplate, type BoundTemplate } from './bind.ts';
export { lintTemplate } from './lint.ts';
export { checksOf } from './quality.ts';

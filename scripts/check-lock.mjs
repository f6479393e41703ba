// Fails when the lock file records a download address, or holds a package that does not admit Node 20.19.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const problems = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.resolved?.startsWith('http')) problems.push(`${path}: records a download address`);
  if (path === '' || entry.optional) continue;
  const range = entry.engines?.node;
  if (range && !admitsNode20(range)) problems.push(`${path}: engines.node ${range} excludes 20.19`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  `lock file: ${Object.keys(lock.packages).length} packages, no download addresses, all admit Node 20.19`,
);

/** Does a range made of `||`-joined comparator lists admit 20.19.0? Covers the forms that packages write. */
function admitsNode20(range) {
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/(?<=\d|x)\s+(?=[<>=^~\d])/)
      .every(comparator),
  );
}
function comparator(text) {
  const m = /^\s*(>=|<=|<|>|\^|~|=)?\s*v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?/.exec(text);
  if (!m) return true;
  const [, operator = '=', major, minor] = m;
  const want = Number(major) * 1000 + (minor === undefined || minor === 'x' ? 0 : Number(minor));
  const have = 20019;
  switch (operator) {
    case '>=':
      return have >= want;
    case '>':
      return have > want;
    case '<':
      return have < want;
    case '<=':
      return have <= want + (minor === undefined ? 999 : 0);
    case '^':
      return Number(major) === 20 && have >= want;
    case '~':
      return Number(major) === 20 && (minor === undefined || Number(minor) === 19);
    default:
      return Number(major) === 20;
  }
}

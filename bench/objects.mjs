// node bench/objects.mjs: how many objects SURW should mix at a time. docs/benchmarks.md.
import { firstFindingCommand } from './lib/first-finding.mjs';

/** Parameters of SURW; 0: all events count. */
const OBJECTS = [1, 2, 4, 8, 32, 0];

await firstFindingCommand(
  import.meta.url,
  OBJECTS.map((n) => ({ name: n === 0 ? 'all events' : `${n}`, strategy: 'surw', parameter: n, visibleOnly: false })),
  ({ trials, limit, rows }) => {
    const one = ({ parameter, mean, median, missed }) => ({ objects: parameter, mean, median, missed });
    const byObjects = rows.map(({ subject, bySampler }) => ({ subject, byObjects: bySampler.map(one) }));
    return { schema: 'heddle.objects/1', trials, limit, rows: byObjects };
  },
);

// node bench/visibility.mjs: what strategies gain by deciding before visible events only. docs/strategies.md.
import { firstFindingCommand } from './lib/first-finding.mjs';

const SAMPLERS = [
  { name: 'POS', strategy: 'pos', parameter: 0 },
  { name: 'reads-from', strategy: 'reads-from', parameter: 0 },
  { name: 'SURW, 1 object', strategy: 'surw', parameter: 1 },
  { name: 'SURW, 4 objects', strategy: 'surw', parameter: 4 },
];

await firstFindingCommand(
  import.meta.url,
  SAMPLERS.flatMap(({ name, ...rest }) => [
    { ...rest, name: `${name}: each event`, visibleOnly: false },
    { ...rest, name: 'visible ones', visibleOnly: true },
  ]),
  ({ trials, limit, rows }) => ({ schema: 'heddle.visibility/1', trials, limit, rows }),
);

/** The scenes that are exhausted, in both languages. `spin`: what the Promela file is compiled with; `stops`: findings end an execution. */
const EXHAUST = 'bench/models/exhaust.ts';

export const SCENES = [
  { name: 'toy', model: 'test/models/toy.ts', scene: 'three', design: '', file: 'toy.pml', spin: [], stops: false },
  { name: 'locks', model: EXHAUST, scene: 'locks', design: 'racy', file: 'locks.pml', spin: [], stops: false },
  { name: 'abba', model: EXHAUST, scene: 'abba', design: 'racy', file: 'locks.pml', spin: ['-DABBA'], stops: false },
  {
    name: 'bind, locked',
    model: EXHAUST,
    scene: 'bind',
    design: 'locked',
    file: 'bind.pml',
    spin: ['-DLOCKED'],
    stops: false,
  },
  { name: 'bind, racy', model: EXHAUST, scene: 'bind', design: 'racy', file: 'bind.pml', spin: [], stops: true },
].map((scene) => ({ ...scene, memory: scene.stops ? '256M' : '8M', hashLog2: scene.stops ? 21 : 18 }));

/** Kinds of findings that both can see, with the number of SEEK in heddle.h; a deadlock is an invalid end state. */
export const SOUGHT = { 'null-dereference': 1, 'use-after-free': 2, 'double-free': 3 };
export const COMPARED = [...Object.keys(SOUGHT), 'deadlock'];

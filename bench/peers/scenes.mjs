/**
 * The scenes that are exhausted, in both languages, each small and with more tasks. `spin`: what the Promela file is compiled with; `stops`:
 * findings end an execution; `hashLog2`: of SPIN's hash table, so that it is neither crowded nor mostly empty.
 */
const RACY = { design: 'racy', memory: '8M', stops: false };

export const SCENES = [
  { name: 'toy', ...RACY, scene: 'toy', file: 'toy.pml', spin: [], hashLog2: 18 },
  { name: 'toy, 4 tasks', ...RACY, scene: 'toy-4', file: 'toy.pml', spin: ['-DTASKS=4'], hashLog2: 23, memory: '256M' },
  { name: 'locks', ...RACY, scene: 'locks', file: 'locks.pml', spin: [], hashLog2: 18 },
  { name: 'locks, 8 tasks', ...RACY, scene: 'locks-8', file: 'locks.pml', spin: ['-DFORWARD=8'], hashLog2: 22 },
  { name: 'abba', ...RACY, scene: 'abba', file: 'locks.pml', spin: ['-DFORWARD=2', '-DBACKWARD=1'], hashLog2: 18 },
  {
    ...{ name: 'abba, 8 tasks', ...RACY, scene: 'abba-8', file: 'locks.pml' },
    ...{ spin: ['-DFORWARD=6', '-DBACKWARD=2'], hashLog2: 21 },
  },
  {
    name: 'bind, locked',
    ...RACY,
    design: 'locked',
    scene: 'bind',
    file: 'bind.pml',
    spin: ['-DLOCKED'],
    hashLog2: 18,
  },
  {
    ...{ name: 'bind, locked, 6 tasks', ...RACY, design: 'locked', scene: 'bind-5', file: 'bind.pml' },
    ...{ spin: ['-DLOCKED', '-DBINDS=5'], hashLog2: 22 },
  },
  { name: 'bind, racy', ...RACY, scene: 'bind', file: 'bind.pml', spin: [], stops: true, memory: '256M', hashLog2: 21 },
].map((scene) => ({ ...scene, isLarge: / tasks$/.test(scene.name), model: 'bench/models/exhaust.ts' }));

/** Kinds of findings that both can see, with the number of SEEK in heddle.h; a deadlock is an invalid end state. */
export const SOUGHT = { 'null-dereference': 1, 'use-after-free': 2, 'double-free': 3 };
export const COMPARED = [...Object.keys(SOUGHT), 'deadlock'];

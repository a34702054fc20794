// The grid of designs.md section 12: each pair of entry points on one client and one or two instances (option `instances`).
import { fixed, scene, SceneBuilder, sceneIndex, scenesDeclared } from 'heddle';
import { device_release_driver } from './dd';
import { client_place, firmware_names, parent } from './machine';
import { mock_device_present } from './mock-bus';
import { ChildOrder, open_coded_driver } from './open-coded';
import { instances } from './options';
import { bound, instances_present, loaded, power_on, present, registered } from './setup';
import { vfio_driver } from './vfio-driver';

/** Entry points, by their number. */
const E1: i32 = 1;
const E2: i32 = 2;
const E3: i32 = 3;
const E4: i32 = 4;
const E5: i32 = 5;
const E6: i32 = 6;
const E7: i32 = 7;
const E8: i32 = 8;
const E9: i32 = 9;
const E10: i32 = 10;
const E11: i32 = 11;

const NAMES: StaticArray<string> = [
  'grid-E1-E2',
  'grid-E1-E3',
  'grid-E1-E4',
  'grid-E1-E5',
  'grid-E1-E6',
  'grid-E1-E7',
  'grid-E1-E8',
  'grid-E1-E9',
  'grid-E1-E10',
  'grid-E1-E11',
  'grid-E2-E3',
  'grid-E2-E4',
  'grid-E2-E5',
  'grid-E2-E6',
  'grid-E2-E7',
  'grid-E2-E8',
  'grid-E2-E9',
  'grid-E2-E10',
  'grid-E2-E11',
  'grid-E3-E3',
  'grid-E3-E4',
  'grid-E3-E5',
  'grid-E3-E6',
  'grid-E3-E7',
  'grid-E3-E8',
  'grid-E3-E9',
  'grid-E3-E10',
  'grid-E3-E11',
  'grid-E4-E5',
  'grid-E4-E6',
  'grid-E4-E7',
  'grid-E4-E8',
  'grid-E4-E9',
  'grid-E4-E10',
  'grid-E4-E11',
  'grid-E5-E5',
  'grid-E5-E6',
  'grid-E5-E7',
  'grid-E5-E8',
  'grid-E5-E9',
  'grid-E5-E10',
  'grid-E5-E11',
  'grid-E6-E7',
  'grid-E6-E8',
  'grid-E6-E9',
  'grid-E6-E10',
  'grid-E6-E11',
  'grid-E7-E7',
  'grid-E7-E8',
  'grid-E7-E9',
  'grid-E7-E10',
  'grid-E7-E11',
  'grid-E8-E8',
  'grid-E8-E9',
  'grid-E8-E10',
  'grid-E8-E11',
  'grid-E9-E9',
  'grid-E9-E10',
  'grid-E9-E11',
  'grid-E10-E10',
  'grid-E10-E11',
];

/** Can two of these meet on one client? */
function with_itself(e: i32): bool {
  return e == E3 || e == E5 || e == E7 || e == E8 || e == E9 || e == E10;
}

/** The pair of a scene of the grid: 16 · the first + the second, in the order of NAMES. */
function pair(n: i32): i32 {
  let k = 0;
  for (let a = E1; a <= E11; a++) {
    for (let b = a; b <= E11; b++) {
      if (a == b && !with_itself(a)) continue;
      if (k++ == n) return 16 * a + b;
    }
  }
  return 0;
}

/** `again`: the second of two equal entry points. */
function with_entry(grid_scene: SceneBuilder, e: i32, again: bool): SceneBuilder {
  const other = again ? 1 : 0;
  switch (e) {
    case E1:
      return grid_scene.with('add', 0);
    case E2:
      return grid_scene.with('remove', 0);
    case E3:
      return grid_scene.with('register', other);
    case E4:
      return grid_scene.with('unregister', 0);
    case E5:
      return grid_scene.with('bind', 0);
    case E6:
      return grid_scene.with('bind-parent');
    case E7:
      return grid_scene.with('unbind', 0);
    case E8:
      return grid_scene.with('trigger');
    case E9:
      return grid_scene.with('set-type', 0, 1 + other);
    case E10:
      return grid_scene.with('claim', 0, other);
    default:
      return grid_scene.with('mock');
  }
}

@final
class first_scene {
  index: i32 = 0;
}
const first = new first_scene();

/** What the pair needs to have happened before. */
function grid_setup(): void {
  const ab = pair(sceneIndex() - fixed<i32>(changetype<usize>(first), offsetof<first_scene>('index')));
  set_up_for(ab / 16, ab % 16);
}

function either(a: i32, b: i32, e: i32): bool {
  return a == e || b == e;
}

function set_up_for(a: i32, b: i32): void {
  const where = client_place(0);
  const both_register = a == E3 && b == E3;
  const n = both_register ? 2 : instances();
  instances_present(n);
  for (let i = 0; i < n; i++) firmware_names(0, i, i + 1);
  power_on(where);
  if (either(a, b, E10)) where.driven_by(new vfio_driver());
  if (either(a, b, E11)) mock_device_present();
  const absent = either(a, b, E1) || either(a, b, E6);
  const waits = !absent && either(a, b, E8);
  if (waits) {
    present(where);
    bound(0);
  }
  for (let i = 0; i < n; i++) if (!both_register && (i > 0 || !either(a, b, E3))) registered(i);
  if (absent) client_to_come(a, b);
  else if (!waits) client_here(a, b);
}

/** It is plugged in, or made by its parent. */
function client_to_come(a: i32, b: i32): void {
  const where = client_place(0);
  if (!either(a, b, E5)) loaded(where);
  if (!either(a, b, E6)) return;
  parent.driven_by(new open_coded_driver(ChildOrder.after_add, where));
  present(parent);
}

function client_here(a: i32, b: i32): void {
  present(client_place(0));
  if (!either(a, b, E5)) become_grouped(a, b);
}

/** The client has been bound, and still is where that can be. */
function become_grouped(a: i32, b: i32): void {
  bound(0);
  if (either(a, b, E4) || either(a, b, E9)) device_release_driver(client_place(0).dev!);
}

/** Section 12: the scenes of the grid. */
export function register_grid(): void {
  first.index = scenesDeclared();
  for (let n = 0; n < NAMES.length; n++) {
    const ab = pair(n);
    const a = ab / 16;
    const b = ab % 16;
    with_entry(with_entry(scene(NAMES[n], grid_setup), a, false), b, a == b);
  }
}

// A model's declarations (docs/abi.md section 4), called from its register() only, which the host runs once when it loads the model.
import {
  declare,
  design as configured_design,
  is_design,
  option as configured_option,
  scene as configured_scene,
} from './abi/heddle';

/** When an invariant is tested. */
export const enum When {
  AtEnd = 0,
  Always = 1,
}

// The builders hold nothing: each method is one declaration that belongs to the last event, scene or symptom. So they need no memory.

@unmanaged
export class EventBuilder {
  /** The next argument and its smallest and greatest value. */
  arg(name: string, min: i32, max: i32): EventBuilder {
    declare(2, name, min, max, 0, 0);
    return this;
  }

  /** In which kind of task the event runs, for people: "module load", "hotplug". */
  context(text: string): EventBuilder {
    declare(3, text, 0, 0, 0, 0);
    return this;
  }
}

@unmanaged
export class SceneBuilder {
  /** One more event of the scene, in start order. */
  with(event: string, a0: i32 = 0, a1: i32 = 0, a2: i32 = 0): SceneBuilder {
    declare(6, event, a0, a1, a2, 0);
    return this;
  }
}

@unmanaged
export class SymptomBuilder {
  /**
   * A condition on the finding: keys kind, object, field, function, invariant, message, allocated, freed, cleared, task,
   * by, interrupted. All keys must hold; the same key again is an alternative; `*` is any text.
   */
  on(key: string, value: string): SymptomBuilder {
    declare(9, key, changetype<i32>(value), 0, 0, 0);
    return this;
  }
}

/** Something that a task of the run can do: a function with 0 to 3 numbers. `atMost` = how often in a run, 0 = any number. */
export function event<F>(name: string, run: F, atMost: i32 = 0): EventBuilder {
  declare(1, name, changetype<i32>(run), lengthof<F>(), atMost, 0);
  return changetype<EventBuilder>(0);
}

let designs: i32 = 0;

/** One of the alternatives that the model compares; answers its index, which is the order of declaration. */
export function design(name: string, description: string = ''): i32 {
  declare(4, name, changetype<i32>(description), 0, 0, 0);
  return designs++;
}

/** Is this the design of the run? Constant in a run and no scheduling point. An index that no design has is a finding. */
export function designIs(index: i32): bool {
  return is_design(index);
}

/** Index of the run's design. */
export function designIndex(): i32 {
  return configured_design();
}

let scenes: i32 = 0;

/** How many scenes are declared so far: the index of the next one. */
export function scenesDeclared(): i32 {
  return scenes;
}

/** A named set of events; `setup` runs first, alone. */
export function scene(name: string, setup: (() => void) | null = null): SceneBuilder {
  scenes += 1;
  declare(5, name, changetype<i32>(setup), 0, 0, 0);
  return changetype<SceneBuilder>(0);
}

/** Index of the run's scene, which is the order of declaration: for a set-up function that serves several scenes. No scheduling point. */
export function sceneIndex(): i32 {
  return configured_scene();
}

/** What must hold: at the end of a run, or after each step. Its reads are no scheduling points; doing more than read is a finding. */
export function invariant(name: string, holds: () => bool, when: When = 0): void {
  declare(7, name, changetype<i32>(holds), when, 0, 0);
}

/** A name for findings that fulfil the conditions that follow. */
export function symptom(name: string, title: string): SymptomBuilder {
  declare(8, name, changetype<i32>(title), 0, 0, 0);
  return changetype<SymptomBuilder>(0);
}

let options: i32 = 0;

/** A number that the user can set; answers its index, which is the order of declaration. */
export function option(name: string, byDefault: i32, min: i32, max: i32): i32 {
  declare(10, name, byDefault, min, max, 0);
  return options++;
}

/** Value of an option in this run. Constant in a run and no scheduling point. An index that no option has is a finding. */
export function optionValue(index: i32): i32 {
  return configured_option(index);
}

// Where each symptom of the IOMMU model is seen first: its smallest scene, design by design, for plain
//
//   heddle fuzz iommu --design DESIGN --scene SCENE [--option NAME=VALUE …]
//
// and the options with which the scene `full` shows it, too. docs/iommu-model.md has the same as a table.

const PROFILE = { smmu: 0, dart: 3, legacy: 6 };
const D0_TO_D2 = ['v6.1', 'v6.6', 'v6.7', 'decoupled'];
const D0_TO_D5 = [...D0_TO_D2, 'xlate-helper', 'ask-every-driver'];

/** @typedef {{ symptom: string, design: string, scene: string, options: Record<string, number>, full: Record<string, number> | null }} Smallest */

/** `full`: the options with which `full` shows it; null: it does not. */
function rows(symptom, designs, scene, options = {}, full = options) {
  return designs.map((design) => ({ symptom, design, scene, options, full }));
}

/** One entry for each "P" and "~" of section 7.1 of the facts, for S10 and S13, and for what else a design shows. */
export const SMALLEST = [
  ...rows('S1', ['v6.1', 'v6.6'], 'walk-client'),
  ...rows('S1', ['v6.7', 'v6.15'], 'rebind-unregister', {}, null),
  ...rows('S2', ['v6.1'], 'walk-client'),
  ...rows('S2', ['v6.15'], 'walk-walk'),
  ...rows('S3', ['v6.1', 'v6.6'], 'walk-client'),
  ...rows('S3', ['v6.7'], 'two-specifiers-first', {}, null),
  ...rows('S3', ['decoupled'], 'two-specifiers-first', { profile: PROFILE.dart }),
  ...rows('S4', ['v6.1', 'v6.6'], 'walk-client'),
  ...rows('S5', ['v6.1', 'v6.6'], 'walk-client-two-ids', {}, {}),
  ...rows('S6', D0_TO_D5, 'walk-walk'),
  ...rows('S7', [...D0_TO_D2, 'v6.15'], 'two-specifiers-first', { profile: PROFILE.dart }),
  ...rows('S8', D0_TO_D2, 'two-specifiers-first', {}, {}),
  ...rows('S8', ['v6.15'], 'two-specifiers-first', { firmware: 1 }, null),
  ...rows('S9', D0_TO_D2, 'two-specifiers-first', { profile: PROFILE.dart }),
  ...rows('S11', ['v6.1', 'v6.6', 'v6.7'], 'remove-register', { profile: PROFILE.legacy }, {}),
  ...rows('S11', ['decoupled'], 'remove-register', { profile: PROFILE.legacy }, { profile: PROFILE.dart }),
  ...rows('S11', ['xlate-helper', 'ask-every-driver'], 'remove-register', { profile: PROFILE.legacy }),
  ...rows('S11', ['v6.15'], 'remove-register', {}, { profile: PROFILE.legacy }),
  ...rows('S13', ['v6.1'], 'remove-bind', {}, {}),
];

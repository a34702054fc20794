// How long plain fuzzing takes to show each symptom that a design is said to have: on the symptom's smallest scene, and in the scene with everything.
import { firstTask } from './tasks.mjs';
import { known, runTask } from './run.mjs';

/**
 * Runs one group's campaigns, a seed each, from an empty corpus. A symptom that `misses` campaigns have not shown has no median any more and is
 * not looked for by the next ones. null: no time was left before the first one.
 */
export async function measureGroup(group, limits, hash, until) {
  const runs = [];
  const misses = Object.fromEntries(group.symptoms.map((symptom) => [symptom, 0]));
  for (let seed = 1; seed <= limits.seeds; seed++) {
    const wanted = group.symptoms.filter((symptom) => misses[symptom] < limits.misses);
    if (wanted.length === 0) break;
    const task = firstTask(group, wanted, seed, limits);
    const kept = known(task, hash);
    if (kept === null && until !== null && Date.now() >= until) break;
    const { seen, executions, elapsedMs } = kept ?? (await runTask(task, hash));
    for (const symptom of wanted) if (!(symptom in seen)) misses[symptom] += 1;
    runs.push({ seed, wanted, seen, executions, elapsedMs });
  }
  if (runs.length === 0) return null;
  const { args } = firstTask(group, group.symptoms, 1, limits);
  return { group, args, seeds: limits.seeds, limit: limits[group.where], runs };
}

/** Runs all groups one after the other: a campaign has both cores to itself. */
export async function measureFirst(groups, limits, hash, until) {
  const results = {};
  const begin = Date.now();
  for (const [i, group] of groups.entries()) {
    const result = await measureGroup(group, limits, hash, until);
    if (result === null) console.error(`first findings: no time left for ${group.id}`);
    else results[group.id] = result;
    console.error(
      `first findings: ${i + 1} of ${groups.length}, ${group.id}; ${((Date.now() - begin) / 60_000).toFixed(1)} min`,
    );
  }
  return results;
}

/** Half of the seeds have shown the symptom by then; infinite if most have not. Executions and ms each by themselves. null: not measured. */
export function medianOf({ runs, seeds }, symptom) {
  const own = runs.filter(({ wanted }) => wanted.includes(symptom));
  if (own.length === 0) return null;
  const seen = own.flatMap((run) => (run.seen[symptom] ? [run.seen[symptom]] : []));
  const middle = (field) => {
    const values = own.map((run) => run.seen[symptom]?.[field] ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    return values[Math.floor((Math.max(own.length, seeds) - 1) / 2)] ?? Number.POSITIVE_INFINITY;
  };
  return { found: seen.length, of: own.length, seeds, executions: middle('executions'), ms: middle('ms') };
}

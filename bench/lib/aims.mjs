/** What is wanted, beside what was measured. Nothing fails if an aim is missed: the figures are to be read. */
export function aimsOf({ models, campaign, campaignRatio, workersRatio }) {
  const row = (name, label) => models[name].find((r) => r.switches === label);
  const aims = [];
  const add = (name, aim, measured) => {
    const value = measured ?? null;
    aims.push({ name, aim, measured: value, met: value === null ? null : value >= aim });
  };
  for (const name of Object.keys(models)) {
    for (const row of models[name]) {
      const at = row.switches === 'every point' ? 'every point' : `${row.switches} switches`;
      add(`nativeRatio, ${name}, ${at}`, 0.7, row.nativeRatio);
      add(`linkedRatio, ${name}, ${at}`, 0.7, row.linkedRatio);
    }
  }
  add('campaignRatio', 0.7, campaignRatio);
  add('workersRatio', 1.8, workersRatio);
  const atMostFour = ['1', '4'].map((label) => row('toy', label).execsPerSecond);
  add('executions/s, toy, at most 4 switches', 3e6, Math.min(...atMostFour));
  add('executions/s, toy, a switch at each point', 0.9e6, row('toy', 'every point').execsPerSecond);
  add('executions/s, toy, whole campaign', 1e6, campaign?.execsPerSecond.campaign);
  return aims;
}

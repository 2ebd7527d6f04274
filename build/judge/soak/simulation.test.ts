import { describe, expect, it } from 'vitest';
import { soakSimulation } from './simulation.ts';

describe('the soak of the simulation', () => {
  it('runs seed after seed, until there were enough', async () => {
    const lines: string[] = [];
    const init = { seed: 40, seconds: 60, report: (line: string) => void lines.push(line) };
    const row = await soakSimulation({ ...init, runs: 3 });
    expect(row).toMatchObject({ soak: 'simulation', seed: 40, runs: 3, violations: 0 });
    expect(lines).toEqual([]);
    const each = await Promise.all([40, 41, 42].map((seed) => soakSimulation({ ...init, seed, runs: 1 })));
    expect(row.turns).toBe(each.reduce((sum, { turns }) => sum + turns, 0));
    expect(await soakSimulation({ ...init, seconds: 0, runs: 3 })).toMatchObject({ runs: 0 });
  });

  it('tells every turn where that is wanted', async () => {
    const lines: string[] = [];
    const report = (line: string) => void lines.push(line);
    const { turns } = await soakSimulation({ seed: 40, seconds: 60, runs: 1, report, trace: true });
    expect(lines).toHaveLength(turns);
    expect(lines.join('\n')).toMatch(/\d+ web-[ab] insert goes\n/u);
  });
});

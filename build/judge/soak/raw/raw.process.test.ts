import { expect, it } from 'vitest';
import { fuzzRaw, isWhole } from './raw.ts';

const REQUESTS = 2000;
const SEED = 7;

it('whatever is said to a listener of ours ends no process, and none fails without a code', async () => {
  const said: string[] = [];
  const names: string[] = [];
  for await (const row of fuzzRaw({
    requests: REQUESTS,
    seed: SEED,
    report: (line) => void said.push(line),
  })) {
    expect(isWhole(row), `${JSON.stringify(row)}\n${said.slice(-5).join('\n')}`).toBe(true);
    expect(row.requests).toBeGreaterThanOrEqual(REQUESTS);
    names.push(row.listener);
  }
  expect(names).toEqual([
    ...['web', 'metrics of web', 'metrics of worker', 'kiosk', 'grid', 'string line of grid', 'wallet', 'tv'],
    ...['invoice', 'proxy'],
  ]);
});

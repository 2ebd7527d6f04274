import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { createAgentString } from '../../src/gateways/grid/agent-string/adapter.ts';
import { createCollectionV1 } from '../../src/gateways/grid/collection-v1.ts';
import type { GridGateway } from '../../src/gateways/grid/contract.ts';
import type { GridError } from '../../src/gateways/grid/error.ts';
import { generateSm2Keys } from '../../src/gateways/grid/wire/sm2.ts';
import { createStringServer } from './agent-string/server.ts';
import type { GridKeys } from './keys.ts';
import { createGridSandbox } from './sandbox.ts';

const [OURS, OUR_NEXT, GRID, GRID_NEXT] = [0, 1, 2, 3].map(() => generateSm2Keys()) as [Key, Key, Key, Key];
type Key = ReturnType<typeof generateSm2Keys>;
const AGENT = 'agent';
const BEFORE: GridKeys = { signKey: GRID.privateKey, agents: { [AGENT]: OURS.publicKey } };
const CHANGED: GridKeys = { ...BEFORE, signKey: GRID_NEXT.privateKey, formerSignKey: GRID.privateKey };

/** What the agent's end knows. */
interface Ours {
  readonly key?: Key;
  readonly grid?: Key;
  readonly next?: Key;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** One question to a grid with these keys, by an agent with those: `answered`, or how it fails. */
async function ask(profile: 'collection-v1' | 'agent-string', keys: GridKeys, ours: Ours): Promise<string> {
  const clock = new ManualClock();
  const sandbox = await createGridSandbox({ keys, clock });
  closers.push(() => sandbox.close());
  const init = {
    agent: AGENT,
    signKey: (ours.key ?? OURS).privateKey,
    gridPublicKey: (ours.grid ?? GRID).publicKey,
    ...(ours.next === undefined ? {} : { nextGridPublicKey: ours.next.publicKey }),
    timeoutMs: 60_000,
    clock,
  };
  let gateway: GridGateway;
  if (profile === 'collection-v1') gateway = createCollectionV1({ ...init, url: sandbox.collectUrl });
  else {
    const { world, faults } = sandbox;
    const line = await createStringServer({ keys, world, faults, clock });
    closers.push(() => line.close());
    gateway = createAgentString({ ...init, url: line.url });
  }
  return gateway.queryOriginal('260115100000000001').then(
    ({ status }) => status,
    (error: unknown) => (error as GridError).code,
  );
}

describe.each(['collection-v1', 'agent-string'] as const)('over %s, the grid changes its key', (profile) => {
  it.each<[string, GridKeys, Ours, string]>([
    ['before, an agent that knows the next one too', BEFORE, { next: GRID_NEXT }, 'not-found'],
    ['the grid signs with the new one, and unwraps by the old', CHANGED, { next: GRID_NEXT }, 'not-found'],
    ['the agent goes on to the new one', CHANGED, { grid: GRID_NEXT }, 'not-found'],
    ['an agent that was never told', CHANGED, {}, 'grid.unavailable'],
  ])('%s', async (_, keys, ours, outcome) => {
    expect(await ask(profile, keys, ours)).toBe(outcome);
  });
});

describe('over collection-v1, the agent changes its key', () => {
  const both: GridKeys = { ...BEFORE, agents: { [AGENT]: [OURS.publicKey, OUR_NEXT.publicKey] } };

  it.each<[string, GridKeys, Key, string]>([
    ['the grid knows both, the old one signs', both, OURS, 'not-found'],
    ['the grid knows both, the new one signs', both, OUR_NEXT, 'not-found'],
    ['the grid was never told', BEFORE, OUR_NEXT, 'grid.unavailable'],
  ])('%s', async (_, keys, key, outcome) => {
    expect(await ask('collection-v1', keys, { key })).toBe(outcome);
  });
});

import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { createAgentString } from '../../../src/gateways/grid/agent-string/adapter.ts';
import type { AgentStringInit } from '../../../src/gateways/grid/agent-string/calls.ts';
import { tcpTransport } from '../../../src/gateways/grid/agent-string/tcp.ts';
import type { GridCall } from '../../../src/gateways/grid/calls.ts';
import { generateSm2Keys } from '../../../src/gateways/grid/wire/sm2.ts';
import { TestDeadlines } from '../../../src/testing/deadlines.ts';
import type { GridHarness, HarnessCapability } from '../../../src/testing/grid-harness.ts';
import { sandboxSide } from '../harness.ts';
import { gridKeysFrom, makeGridKeys } from '../keys.ts';
import { createGridSandbox } from '../sandbox.ts';
import { createStringServer } from './server.ts';

/** What the string profile has no transactions for. */
export const ABSENT: readonly HarnessCapability[] = [
  'quote',
  'ceiling',
  'creditWithSale',
  'remoteCredit',
  'replaceCard',
  'dailyBill',
  'cardTasks',
  'account',
];

/** By the harness's deadlines, which pass when the sandbox keeps silent. */
const TIMEOUT_MS = 1_000;

/** One set for all: it is the sandbox that each test has of its own. */
const KEYS = makeGridKeys();

/** The string gateway, over real TCP, to a sandbox of its own: for the grid's contract suite. */
export async function agentStringHarness(): Promise<GridHarness> {
  return (await agentStringParts()).harness;
}

/** The same, where the province's table has accounts. */
export async function accountStringHarness(): Promise<GridHarness> {
  return (await agentStringParts({ asksAccounts: true })).harness;
}

/** The same, with what another gateway to it is made of. */
export async function agentStringParts(
  more: Pick<AgentStringInit, 'asksAccounts'> = {},
): Promise<{ harness: GridHarness; base: AgentStringInit }> {
  const clock = new ManualClock();
  const keys = gridKeysFrom({ ...KEYS.sandbox });
  const sandbox = await createGridSandbox({ keys, clock, seed: () => 7 });
  const { world, faults } = sandbox;
  const server = await createStringServer({ keys, world, faults, clock });
  const deadlines = new TestDeadlines();
  faults.onSilence = () => deadlines.pass();
  const calls: GridCall[] = [];
  const base = {
    url: server.url,
    transport: tcpTransport(server.url, {}, deadlines.deadline),
    agent: KEYS.server.GRID_AGENT,
    signKey: KEYS.server.GRID_SIGN_KEY,
    gridPublicKey: KEYS.server.GRID_PUBLIC_KEY,
    timeoutMs: TIMEOUT_MS,
    asksVendorCredit: true,
    cancelsWritten: true,
    asksMeters: true,
    layouts: BOTH_MAKERS,
    ...more,
    clock,
    onCall: (call: GridCall) => void calls.push(call),
  };
  const gateway = createAgentString(base);
  const harness: GridHarness = {
    gateway,
    clock,
    calls,
    ...sandboxSide(sandbox, gateway),
    bent(how) {
      switch (how) {
        case 'nobody-listens':
          return createAgentString({ ...base, transport: tcpTransport('tcp://127.0.0.1:9') });
        case 'wrong-grid-key':
          return createAgentString({ ...base, gridPublicKey: generateSm2Keys().publicKey });
        case 'unknown-agent':
          return createAgentString({ ...base, agent: 'stranger' });
        case 'clock-slow':
          return createAgentString({ ...base, clock: new ManualClock(clock.now() - 600_000) });
      }
    },
    async close() {
      await server.close();
      await sandbox.close();
    },
  };
  return { harness, base };
}

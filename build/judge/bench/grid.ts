import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectSandboxBus } from '@bianmin/card/node/sandbox-bus';
import { systemClock } from '@bianmin/card/node/system-clock';
import { watchReaders } from '@bianmin/card/reader/readers';
import { createCollectionV1, type GridCall } from '../../../server/src/gateways/grid/collection-v1.ts';
import { OPERATION_NAMES } from '../../../server/src/gateways/grid/wire/operations.ts';
import { address, loadOrCreateKeys, sandboxEnvironments, startPart } from '../../run/dev/parts.ts';
import { ANY_PORTS, choosePorts } from '../../run/dev/ports.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { GridDealings } from './grid-calls.ts';
import { benchGridCrypto } from './grid-crypto.ts';
import { percentile } from './percentile.ts';

const WARM_UP = 15;
/** Of each dealing. */
const ROUNDS = 80;
const READER_ID = 'bench-1';

interface GridRow {
  readonly bench: 'grid';
  readonly operation: string;
  readonly calls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of which in SM2, SM3 and SM4, the median. */
  readonly cryptoMs: number;
}

/** Each operation of collection v1 over real HTTP to the sandbox grid in another process, one call at a time. */
export async function benchGrid({ report, orders: rounds = ROUNDS }: BenchContext): Promise<BenchResult> {
  const crypto = benchGridCrypto(report);
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-bench-'));
  const abort = new AbortController();
  try {
    const keys = await loadOrCreateKeys(dir);
    const ports = await choosePorts(dir, ANY_PORTS);
    const { program } = await startPart({
      name: 'grid',
      main: 'server/sandbox/grid/main.ts',
      ready: /^grid sandbox (\S+)/,
      env: sandboxEnvironments({ dir, ports }).grid,
      dir,
      signal: abort.signal,
    });
    try {
      const rows = await callRows({ url: address(ports.grid), keys: keys.grid.server, rounds, report });
      return { rows: [...rows, ...crypto], engine: 'none', faults: [] };
    } finally {
      await program.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function callRows(init: {
  url: string;
  keys: Readonly<Record<'GRID_AGENT' | 'GRID_SIGN_KEY' | 'GRID_PUBLIC_KEY', string>>;
  rounds: number;
  report: (line: string) => void;
}): Promise<GridRow[]> {
  const { url, keys, rounds, report } = init;
  const calls: GridCall[] = [];
  const gateway = createCollectionV1({
    url: `${url}/collect`,
    agent: keys.GRID_AGENT,
    signKey: keys.GRID_SIGN_KEY,
    gridPublicKey: keys.GRID_PUBLIC_KEY,
    timeoutMs: 10_000,
    clock: systemClock,
    onCall: (call) => void calls.push(call),
  });
  const sandbox = new SandboxClient({ gridUrl: url, walletUrl: url });
  const bus = await connectSandboxBus(`${url.replace('http', 'ws')}/world/readers/${READER_ID}/usb`);
  const readers = await watchReaders(bus, (_, error) => void report(String(error)));
  try {
    const slot = readers.slots()[0];
    if (slot === undefined) throw new Error('The sandbox has no reader.');
    const dealings = new GridDealings({ gateway, sandbox, slot, readerId: READER_ID });
    await deal(dealings, sandbox, Math.min(WARM_UP, rounds));
    calls.length = 0;
    report(`${rounds} rounds of every dealing`);
    await deal(dealings, sandbox, rounds);
  } finally {
    await readers.close();
  }
  return OPERATION_NAMES.map((operation) => rowOf(operation, calls)).filter(({ calls: n }) => n > 0);
}

/** So many rounds: every operation that a purchase, or its undoing, can come to. */
async function deal(dealings: GridDealings, sandbox: SandboxClient, rounds: number): Promise<void> {
  const memory = await sandbox.households(4 * rounds, 'SLE4442');
  const cpu = await sandbox.households(rounds, 'CPU');
  const next = (from: typeof memory) => {
    const household = from.pop();
    if (household === undefined) throw new Error('The sandbox made too few households.');
    return household;
  };
  const day = await sandbox.cutDay();
  for (let round = 0; round < rounds; round += 1) {
    await dealings.write(next(memory));
    await dealings.write(next(cpu));
    await dealings.credit(next(memory));
    await dealings.reverse(next(memory));
    await dealings.replace(next(memory), 'SLE4442');
    await dealings.bill(day);
  }
}

function rowOf(operation: GridCall['operation'], all: readonly GridCall[]): GridRow {
  const calls = all.filter((call) => call.operation === operation && call.outcome === 'ok');
  const times = calls.map(({ ms }) => ms);
  const cryptoTimes = calls.map(({ cryptoMs }) => cryptoMs);
  return {
    bench: 'grid',
    operation,
    calls: calls.length,
    p50Ms: fine(percentile(times, 0.5)),
    p95Ms: fine(percentile(times, 0.95)),
    cryptoMs: fine(percentile(cryptoTimes, 0.5)),
  };
}

function fine(ms: number): number {
  return Number(ms.toFixed(2));
}

import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { lendReader, type LentReader } from '../testing/node/lent-reader.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { FakeIo } from './fake-io.ts';
import { openReaders } from './open-readers.ts';
import { PROJECT } from './project-tools.ts';
import type { SimulatedReaders } from './simulator.ts';

const lent: LentReader[] = [];
afterEach(() => {
  for (const each of lent.splice(0)) each.close();
});

/** A sandbox that lends this reader; its address. */
async function sandboxWith(reader: SimulatedReader): Promise<string> {
  const sandbox = await lendReader(reader);
  lent.push(sandbox);
  return `${sandbox.url}world/readers/desk/usb`;
}

it('reads through the sandbox what it reads through the simulator', async () => {
  const reader = new SimulatedReader({ clock: systemClock });
  reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 }).card);
  const io = new FakeIo();
  io.openReaders = (choice) => openReaders(choice, systemClock, PROJECT) as Promise<SimulatedReaders>;
  const url = await sandboxWith(reader);
  const { code, out } = await io.run(`dump --json --sandbox ${url}`);
  expect(code).toBe(0);
  expect(out).toBe((await io.run('dump --json --simulate SLE4442:1')).out);
  expect((await io.run(`readers --sandbox ${url}`)).out).toContain('driven through the sandbox');
});

import { expect, it } from 'vitest';
import { recogniseBuiltIn } from '@bianmin/card/meter-card/built-in-layouts';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { askedNow } from '@bianmin/card/meter-card/lease';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { ChipSlot } from '@bianmin/card/testing/chip-slot';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { RemoteCard } from './card.ts';
import type { RemoteCommand } from './messages.ts';

const spoilt = (plan: WritePlan): WritePlan => ({
  ...plan,
  steps: plan.steps.map((step) => (step.op === 'present-code' ? { ...step, code: '555555' } : step)),
});

it('a code that the card refused under a remote session is claimed so too, and not presented again in it', async () => {
  const { card, plan } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 72 });
  const { serial, orderNo } = plan;
  const slot = new ChipSlot(card);
  slot.insert(serial);
  const [journal, clock] = [new MemoryJournal(), new ManualClock()];
  const remote = new RemoteCard({
    ...{ journal, clock, recognise: recogniseBuiltIn, unseal: (sealed) => Promise.resolve(sealed) },
    terms: { kind: 'rewrite', serial, subject: orderNo },
  });
  const run = async (command: RemoteCommand) => (await remote.run(command, slot, askedNow(clock))).outcome;
  const write = async () => {
    await run({ do: 'read-card' });
    return run({ do: 'write', release: { lease: 4, leaseMs: 60_000, sealed: JSON.stringify(spoilt(plan)) } });
  };
  await run({ do: 'identify' });
  expect(await write()).toEqual({ ok: false, code: 'meter-card.code-wrong' });
  const failed = { orderNo, lease: 4, phase: 'failed', reason: 'meter-card.code-wrong', triesLeft: 2 };
  expect(await journal.list()).toMatchObject([failed]);
  expect(await write()).toEqual({ ok: false, code: 'meter-card.code-tries' });
  expect(await run({ do: 'tries', key: 0 })).toMatchObject({ result: { tries: { left: 2, full: 3 } } });
  await remote.close();
});

it('a key that the card refused under a remote session is claimed as failed, with the tries that it told', async () => {
  const { card, plan, authorise } = samplePurchase('CPU', { cipher: tripleDes, seed: 71 });
  const { serial, orderNo } = plan;
  const slot = new ChipSlot(card);
  slot.insert(serial);
  const [journal, clock] = [new MemoryJournal(), new ManualClock()];
  const remote = new RemoteCard({
    ...{ journal, clock, recognise: recogniseBuiltIn, unseal: (sealed) => Promise.resolve(sealed) },
    terms: { kind: 'rewrite', serial, subject: orderNo },
  });
  const run = async (command: RemoteCommand) => (await remote.run(command, slot, askedNow(clock))).outcome;
  const release = (of: WritePlan) => ({ lease: 4, leaseMs: 60_000, sealed: JSON.stringify(of) });

  await run({ do: 'identify' });
  await run({ do: 'read-card' });
  const first = await run({ do: 'write', release: release(plan) });
  if (!first.ok || first.result.did !== 'stage') throw new Error('no stage was asked for');
  const next = await authorise(first.result.asks);
  const steps = next.steps.map((step) => {
    if (step.op !== 'apdu' || step.label !== 'external-auth') return step;
    const apdu = fromHex(step.apdu);
    apdu[5] = (apdu[5] ?? 0) ^ 0xff;
    return { ...step, apdu: toHex(apdu) };
  });
  const second = await run({ do: 'continue', release: release({ ...next, steps }) });
  expect(second).toEqual({ ok: false, code: 'meter-card.code-wrong' });
  expect(await journal.list()).toMatchObject([
    { orderNo, lease: 4, phase: 'failed', reason: 'meter-card.code-wrong', triesLeft: 7 },
  ]);
  await remote.close();
});

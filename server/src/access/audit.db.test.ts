import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditHead } from './store/audit-heads.ts';
import { auditId, type AuditEntry } from './store/audit.ts';
import { openAccess, type TestAccess } from '../testing/access.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { adoptChains } from '../wiring/audit-adopt.ts';
import { digestOf } from './audit-digest.ts';
import { TIE, tieHeads } from './audit-ties.ts';
import { AuditTrail } from './audit.ts';

const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };
const ENTRY = { who: { kind: 'admin', id: 'a' }, action: 'x.y', target: 't', where: HERE } as const;
const WHOLE = { faults: [], more: 0, unsealed: [] };

let t: TestContext;
let clock: ManualClock;
let access: TestAccess;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/);
  clock = new ManualClock();
  access = await openAccess(t, clock);
});

const entries = () => t.db.collection<AuditEntry>('audit');
const heads = () => t.db.collection<{ _id: string; n: number }>('audit-heads');
const anotherProcess = () => new AuditTrail(access.stores.audit, access.heads, clock);

/** A chain of its own, of so many entries. */
async function chainOf(
  length: number,
  trail = anotherProcess(),
): Promise<{ trail: AuditTrail; writer: string }> {
  for (let n = 0; n < length; n += 1) {
    clock.jump(1000);
    await trail.record({ ...ENTRY, data: { n } });
  }
  const [newest] = await access.stores.audit.find({ limit: 1 });
  return { trail, writer: newest?.writer ?? '' };
}
const faults = async (kept: readonly AuditHead[] = []): Promise<string[]> =>
  (await access.auditCheck.against(kept)).faults.map(
    ({ code, entry }) => `${code} ${Number(entry.slice(17))}`,
  );
const tie = () => tieHeads({ trail: access.audit, store: access.stores.audit, heads: access.heads });

describe('the chains of the audit trail', () => {
  it('are whole through calls at once, and the next process begins after the one before', async () => {
    await Promise.all(Array.from({ length: 20 }, () => access.audit.record(ENTRY)));
    const [last] = await access.stores.audit.find({ limit: 1 });
    clock.jump(1000);
    await anotherProcess().record(ENTRY);
    const [newest] = await access.stores.audit.find({ limit: 1 });
    expect(newest).toMatchObject({ n: 1, prev: last?.digest });
    expect(await access.auditCheck.run()).toEqual({ entries: 21, chains: 2, ...WHOLE });
  });

  it('show an entry that was changed, removed, or put elsewhere', async () => {
    await chainOf(5);
    await entries().updateOne({ n: 2 }, { $set: { data: { n: 99 } } });
    expect(await faults()).toEqual(['changed 2']);
    await entries().deleteOne({ n: 2 });
    expect(await faults()).toEqual(['gap 3']);
  });

  it('show an end that was cut off', async () => {
    await chainOf(5);
    await entries().deleteMany({ n: { $gt: 3 } });
    expect(await faults()).toEqual(['cut-off 3']);
  });

  it('show a chain that was written anew with digests of its own, since its head is sealed', async () => {
    const { writer } = await chainOf(3);
    await rewrite(writer, 2);
    expect(await faults()).toEqual(['head-differs 3']);
  });

  it('show a head that was set back, made up or removed', async () => {
    const { writer } = await chainOf(5);
    await entries().deleteMany({ n: { $gt: 3 } });
    const { digest = '' } = (await access.stores.audit.get(auditId(writer, 3))) ?? {};
    await heads().updateOne({ _id: writer }, { $set: { n: 3, digest } });
    expect(await faults()).toEqual(['head-forged 3']);
    await heads().deleteMany({});
    expect(await faults()).toEqual(['no-head 3']);
  });

  it('take one entry beyond the head for a process that died between the two, and more for a fault', async () => {
    const { writer } = await chainOf(3);
    await heads().updateOne({ _id: writer }, { $set: { n: 2, ...(await sealed(writer, 2)) } });
    const verdict = await access.auditCheck.run();
    expect([verdict.faults, verdict.unsealed]).toEqual([[], [auditId(writer, 3)]]);
    await heads().updateOne({ _id: writer }, { $set: { n: 1, ...(await sealed(writer, 1)) } });
    expect(await faults()).toEqual(['not-sealed 3']);
  });

  it('are tied into each other, so that none goes with its head', async () => {
    const first = await chainOf(3);
    expect(await tie()).toEqual([expect.objectContaining({ writer: first.writer, n: 3 })]);
    clock.jump(3_600_000);
    expect(await tie()).toEqual([]);
    await entries().deleteMany({ writer: first.writer });
    await heads().deleteOne({ _id: first.writer });
    // Noted in the tie, and the tie's own chain began after it.
    expect((await faults()).toSorted()).toEqual(['start-unknown 1', 'tie-broken 3']);
  });

  it('are tied again once they moved, each time what moved alone', async () => {
    const { trail, writer } = await chainOf(2);
    await tie();
    clock.jump(3_600_000);
    await chainOf(1, trail);
    expect(await tie()).toEqual([expect.objectContaining({ writer, n: 3 })]);
    expect(await access.stores.audit.find({ action: TIE, limit: 5 })).toHaveLength(2);
    expect(await access.auditCheck.run()).toMatchObject({ ...WHOLE, chains: 2, entries: 5 });
  });

  it('are held beside heads that were kept outside, whatever the database says', async () => {
    const { writer } = await chainOf(4);
    const kept: AuditHead[] = [];
    for await (const { n, digest } of access.heads.store.movedSince(new Date(0)))
      kept.push({ writer, n, digest });
    // An attacker who has the key, too, takes the end away and seals what is left.
    await entries().deleteMany({ n: { $gt: 2 } });
    await heads().updateOne({ _id: writer }, { $set: { n: 2, ...(await sealed(writer, 2)) } });
    expect(await faults()).toEqual([]);
    expect(await faults(kept)).toEqual(['kept-differs 4']);
  });

  it('of a trail that is older than heads are sealed by hand, which stands in the trail', async () => {
    const { writer } = await chainOf(3);
    await heads().deleteMany({});
    const services = { audit: access.audit, auditStore: access.stores.audit, auditHeads: access.heads };
    const adopted = await adoptChains({ ...services, auditCheck: access.auditCheck }, new Date(clock.now()));
    expect(adopted).toEqual({ chains: [writer] });
    expect(await access.auditCheck.run()).toMatchObject(WHOLE);
    expect(await access.stores.audit.find({ action: 'audit.adopt', limit: 1 })).toHaveLength(1);
  });
});

/** As an attacker with the key would have it. */
async function sealed(writer: string, n: number): Promise<{ digest: string; seal: string }> {
  const { digest = '' } = (await access.stores.audit.get(auditId(writer, n))) ?? {};
  return { digest, seal: access.heads.seal.of({ writer, n, digest }) };
}

/** Changes an entry and makes every digest from there on fit. */
async function rewrite(writer: string, from: number): Promise<void> {
  let prev: string | undefined;
  for await (const { digest, ...entry } of access.stores.audit.chain(writer)) {
    const now = entry.n < from ? entry : { ...entry, data: { forged: true }, prev: prev ?? entry.prev };
    prev = entry.n < from ? digest : digestOf(now);
    await entries().updateOne({ _id: entry._id }, { $set: { ...now, digest: prev } });
  }
}

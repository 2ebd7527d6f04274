import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { ReadingStore, type Reading } from '../people/staff/readings-store.ts';
import { ApprovalClaimStore } from '../access/store/approval-claims.ts';
import { ApprovalStore, type Approval } from '../access/store/approvals.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryApprovalClaims, MemoryApprovals, MemoryReadings } from './memory-approvals.ts';
import { type Call, alike } from './alike-stores.ts';

/** Each store in memory answers every call as the one in MongoDB does, whatever was called before. */

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** Such that what is left is often just enough. */
const fen = fc.constantFrom(20, 40, 60, 100);

const moment = fc.constantFrom(0, 10, 20).map((minutes) => new Date(Date.UTC(2026, 2, 1, 8, minutes)));
const at = new Date(Date.UTC(2026, 2, 1, 8));

describe('the stores in memory', () => {
  it('decide and carry out an approval as the database does', async () => {
    type Approvals = Call<MemoryApprovals, ApprovalStore>;
    const real = new ApprovalStore(t.db);
    await real.prepare();
    const person = fc.constantFrom({ id: 'u1', name: 'One' }, { id: 'u2', name: 'Two' });
    const made = (run: string): Approval => ({
      ...{ _id: `${run}-approval`, kind: 'role.change', content: { role: 'r' }, status: 'open' },
      ...{ maker: { id: 'u1', name: 'One' }, createdAt: at },
    });
    const own = (run: string, found: readonly Approval[]): Approval[] =>
      found.filter(({ _id }) => _id === `${run}-approval`);
    await alike<MemoryApprovals, ApprovalStore>({
      memory: () => new MemoryApprovals(),
      real,
      calls: [
        fc.constant<Approvals>((store, run) => store.insert(made(run))),
        fc.constant<Approvals>((store, run) => store.get(`${run}-approval`)),
        fc.tuple(fc.constantFrom('accepted' as const, 'refused' as const), person, moment).map(
          ([to, by, when]): Approvals =>
            (store, run) =>
              store.decide(`${run}-approval`, to, by, when),
        ),
        fc.tuple(moment, moment).map(
          ([from, until]): Approvals =>
            (store, run) =>
              store.startRun(`${run}-approval`, from, until),
        ),
        fc.tuple(fc.constantFrom('done' as const, 'failed' as const), fc.boolean(), moment).map(
          ([status, hasCode, when]): Approvals =>
            (store, run) =>
              store.endRun(`${run}-approval`, { status, ...(hasCode ? { failure: 'x' } : {}), at: when }),
        ),
        fc.constant<Approvals>((store, run) => store.releaseRun(`${run}-approval`)),
        fc.constantFrom('open' as const, 'accepted' as const, undefined).map(
          (status): Approvals =>
            async (store, run) =>
              own(run, await store.list(status, WHOLE_PROVINCE)),
        ),
        moment.map(
          (when): Approvals =>
            async (store, run) =>
              own(run, await store.acceptedNotRunning(when)),
        ),
      ],
    });
  });

  it('claim what only one approval may be about as the database does', async () => {
    type Claims = Call<MemoryApprovalClaims, ApprovalClaimStore>;
    const claim = fc.record({ approval: fc.constantFrom('a', 'b'), at: moment });
    await alike<MemoryApprovalClaims, ApprovalClaimStore>({
      memory: () => new MemoryApprovalClaims(),
      real: new ApprovalClaimStore(t.db),
      calls: [
        claim.map(
          (of): Claims =>
            (store, run) =>
              store.insert({ _id: `${run}-key`, ...of }),
        ),
        fc.constant<Claims>((store, run) => store.get(`${run}-key`)),
        fc.tuple(claim, claim).map(
          ([known, next]): Claims =>
            (store, run) =>
              store.takeOver({ _id: `${run}-key`, ...known }, { _id: `${run}-key`, ...next }),
        ),
      ],
    });
  });

  it('fill the reading of a card once, as the database does', async () => {
    type Readings = Call<MemoryReadings, ReadingStore>;
    const asked = (run: string): Reading => ({
      ...{ _id: `${run}-nonce`, orderNo: 'o1', terminalId: 't1', by: 'u1', createdAt: at, expiresAt: at },
    });
    await alike<MemoryReadings, ReadingStore>({
      memory: () => new MemoryReadings(),
      real: new ReadingStore(t.db),
      calls: [
        fc.constant<Readings>(async (store, run) => {
          // A nonce is drawn once.
          if ((await store.get(`${run}-nonce`)) === null) await store.insert(asked(run));
        }),
        fc.constant<Readings>((store, run) => store.get(`${run}-nonce`)),
        fen.map(
          (count): Readings =>
            (store, run) =>
              store.fill(`${run}-nonce`, {
                ...{ at, serial: '0011223344556677', imageDigest: 'd', sameHousehold: true },
                ...{ cardCount: count, soldCount: count, creditedCount: null },
              }),
        ),
      ],
    });
  });
});

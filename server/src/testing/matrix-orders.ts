import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { caseIdOf } from '../cases/case.ts';
import type { Order } from '../orders/model/order.ts';
import type { Replacement } from '../people/staff/replacement.ts';
import { ConsentStore } from '../people/consents/consent-store.ts';
import { ReplacementStore } from '../people/staff/replacements-store.ts';
import { BANK } from '../money/float/float.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { HouseholdFileStore } from '../money/discount/import/file-store.ts';
import { KEEP_MS } from '../money/discount/import/fitness.ts';
import { DiscountRuleStore } from '../money/discount/rule-store.ts';
import { ComplaintStore } from '../people/complaint/complaint-store.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { TERMINAL, type MatrixPlace } from './matrix-terminals.ts';
import { sampleFile } from './household-file-world.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';
import { HERE, staffMember } from './staff-world.ts';
import type { TestWeb } from './web.ts';

/** An order that waits for a person, with a refund that staff asked for. */
export async function placeOrder({ services }: TestWeb['web'], { path, at }: MatrixPlace): Promise<Order> {
  const order = sampleOrder({
    ...{
      terminalId: TERMINAL,
      orgPath: path,
      attention: 'payment-mismatch',
      state: 'attention',
      dueAt: null,
    },
    payments: [
      samplePayment({ status: 'succeeded', transactionId: 'tx-of-the-matrix', paidAt: at, funds: true }),
    ],
    refunds: [
      {
        ...{ no: '260301100000000001p1s1', paymentNo: '260301100000000001p1', fen: 100, at },
        ...{ status: 'requested', reason: 'compensation', requestedBy: 'somebody' },
      },
    ],
  });
  await services.store.insert(order);
  return order;
}

/** A float of the terminal, and a top-up of it. */
export const FLOAT = 'tianshan-1';
export const TOP_UP = 'topup-00000000-0000-4000-8000-000000000002';
export async function placeFloat({ t }: TestWeb, { at }: MatrixPlace): Promise<void> {
  const entry = { _id: TOP_UP, float: FLOAT, kind: 'top-up', fen: 500, by: 'somebody', at } as const;
  await new FloatStore(t.db).insert({
    ...{ _id: FLOAT, name: '天山一社区', terminals: [TERMINAL], balanceFen: 500, dayLimitFen: 500 },
    ...{ day: '', dayFen: 0, version: 1 },
    recent: [{ ...entry, debit: BANK, credit: `float:${FLOAT}` }],
  });
}

/** A household's consent to the community's staff. */
export const CONSENT = 'consentOfMatrix1';
export async function placeConsent({ t, config }: TestWeb, { community, at }: MatrixPlace): Promise<void> {
  await new ConsentStore(t.db, new NumberSeal(config.DATA_KEYS)).insert({
    ...{ _id: CONSENT, grid: 'g', customer: 'sealed', org: community, holds: [], version: 1 },
    masked: { name: '张*', address: '', customerNo: '****' },
    ...{ form: 'TS-0001', perPurchaseFen: 100, perMonthFen: 100, endsOn: '2026-12-31' },
    ...{ terminalId: TERMINAL, recordedBy: 'somebody', recordedAt: at },
    // Over: to end it changes nothing, by whoever tries first.
    expiresAt: at,
  });
}

/** A discount of the community, in force. */
export const DISCOUNT = '00000000-0000-4000-8000-000000000003';
export async function placeDiscount({ t }: TestWeb, { community, at }: MatrixPlace): Promise<void> {
  await new DiscountRuleStore(t.db, new OrgStore(t.db)).insert({
    ...{ _id: DISCOUNT, names: { 'zh-CN': '优惠', ug: 'ئېتىبار', en: 'A discount' }, status: 'active' },
    ...{ community, tag: null, from: at, to: new Date(at.getTime() + 86_400_000) },
    ...{ off: { kind: 'fixed', fen: 100 }, capFen: 100, budgetFen: 100, funder: 'street-office' },
    ...{ createdBy: 'somebody', createdAt: at },
  });
}

/** A file of households that somebody of the community sends. */
export async function placeHouseholdFile({ t, config }: TestWeb, { path, at }: MatrixPlace): Promise<void> {
  await new HouseholdFileStore(t.db, config.DATA_KEYS).insert(
    sampleFile({ orgPath: path, createdAt: at, expiresAt: new Date(at.getTime() + KEEP_MS) }),
  );
}

/** What staff have begun about the order: a case, a reading, an approval, a card session and a replacement. */
export async function placeStaffWork(
  { web: { access, staff, remoteCards }, t, config }: TestWeb,
  { path, at }: MatrixPlace,
  order: Order,
): Promise<{ caseId: string; complaint: string; nonce: string; approval: string; session: string }> {
  const report = { kind: 'stuck', orderNo: order._id } as const;
  await staff.cases.open({ ...report, orgPath: path, facts: {} });
  const somebody = staffMember('somebody');
  const reading = await staff.readings.request({ orderNo: order._id, terminalId: TERMINAL }, somebody, HERE);
  const { _id: approval } = await access.approvals.request({
    ...{ kind: 'order.decide', orgPath: path, maker: somebody, where: HERE },
    content: { orderNo: order._id, action: 'resume', reason: 'a test' },
  });
  const asker = { kind: 'staff', id: 'somebody', name: 'somebody' } as const;
  const asked = { terminalId: TERMINAL, kind: 'inspect', reason: 'a test', minutes: 30 } as const;
  const session = await remoteCards.sessions.open(asked, asker, WHOLE_PROVINCE);
  const replacement: Replacement = {
    ...{ _id: '260301100000000777', version: 1, status: 'requested' as const, orgPath: path },
    ...{
      terminalId: TERMINAL,
      customerNo: '1',
      masked: order.masked,
      meterNo: order.meterNo,
      reason: 'a test',
    },
    ...{ requestedBy: { id: 'somebody', name: 'somebody' }, createdAt: at, updatedAt: at, expiresAt: at },
  };
  const seal = new NumberSeal(config.DATA_KEYS);
  await new ReplacementStore(t.db, seal).insert(replacement);
  const complaint = 'wechat:C1';
  await new ComplaintStore(t.db).insert({
    ...{
      _id: complaint,
      channel: 'wechat',
      no: 'C1',
      problem: 'service',
      text: seal.seal('x'),
      state: 'open',
    },
    ...{ orderNo: order._id, orgPath: path, transactionId: 't', amountFen: order.paidFen },
    ...{ raisedAt: at, answerBy: at, finishBy: at, steps: [], version: 1, dueAt: null },
  });
  return { caseId: caseIdOf(report), complaint, nonce: reading._id, approval, session: session._id };
}

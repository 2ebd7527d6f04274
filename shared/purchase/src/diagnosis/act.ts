import { actBy, type Because, type Diagnosis, type DiagnosisAct } from '../api/diagnosis.ts';
import type { OrderAction } from '../api/order-decisions.ts';
import type { DiagnosisFacts, MovingFact } from './facts.ts';

type Act = Diagnosis['act'];
type Found = Pick<Diagnosis, 'money' | 'power'>;
type Attention = NonNullable<DiagnosisFacts['order']['attention']>;

/** Which decision ends it, the best first. */
const DECISIONS: Readonly<Record<Attention, readonly OrderAction[]>> = {
  'late-sale': ['reverse-refund', 'treat-as-sold'],
  'sale-mismatch': ['reverse-refund', 'treat-as-sold'],
  'credit-mismatch': ['treat-as-sold'],
  'reversal-refused': ['treat-as-sold', 'reverse-refund'],
  'grid-disagrees': ['treat-as-sold', 'reverse-refund'],
  'payment-mismatch': ['resume'],
};

/** The one thing to be done: what a person must decide first, then money that is not where it belongs, then the electricity. */
export function actOf(facts: DiagnosisFacts, found: Found): Act {
  const { money, power } = found;
  const { attention } = facts.order;
  if (attention !== null) return decision(facts, attention);
  const isBack = (at: string): boolean => money.at === at || money.besides?.at === at;
  if (isBack('not-given-back')) return elsewhere(facts);
  const isTaken = power.at === 'in-meter' || power.at === 'in-account';
  if (isTaken && money.at !== 'spent') return act('settle-with-grid', 'bought-and-back');
  if (isBack('cash-owed')) return act('collect-cash', 'cash-waits');
  const next = byPower(facts, found);
  // What went well leaves time for what came twice.
  if (next.do === 'none' && isBack('going-back')) return waiting(facts, 'refund', 'refund-under-way');
  return next;
}

function act(what: DiagnosisAct, because: Because): Act {
  return { do: what, by: actBy(what), because };
}

function decision({ order, allowed, ...facts }: DiagnosisFacts, attention: Attention): Act {
  const { status } = order.reversal;
  // The grid is asked by itself; what it says decides which action there is.
  if (status === 'sent' || status === 'unknown')
    return waiting({ order, allowed, ...facts }, 'reversal', attention);
  const action = DECISIONS[attention].find((each) => allowed.includes(each));
  return act(action ?? 'settle-with-grid', attention);
}

function elsewhere({ allowed, elsewhereFrom, now }: DiagnosisFacts): Act {
  const because = 'channel-cannot-refund';
  if (allowed.includes('refund-elsewhere')) return act('refund-elsewhere', because);
  return { ...act('wait', because), until: (elsewhereFrom ?? now).toISOString() };
}

/** Nothing, until it takes too long: then its other side is asked by hand. */
function waiting({ moving, now, allowed }: DiagnosisFacts, fact: MovingFact, because: Because): Act {
  const until = moving.filter((each) => each.fact === fact).map((each) => each.until.getTime());
  const soonest = until.length === 0 ? undefined : Math.min(...until);
  if (soonest !== undefined && soonest > now.getTime())
    return { ...act('wait', because), until: new Date(soonest).toISOString() };
  const query = fact === 'payment' || fact === 'refund' ? 'query-channel' : 'query-grid';
  return act(allowed.includes(query) ? query : 'wait', because);
}

function byPower(facts: DiagnosisFacts, { money, power }: Found): Act {
  const { order, allowed } = facts;
  switch (power.at) {
    case 'not-sold':
    case 'refused':
    case 'undone':
      return withoutPower(facts, money.at);
    case 'being-asked':
      return waiting(facts, 'sale', order.sale.noCreditAt === undefined ? 'grid-silent' : 'vendor-credit');
    case 'being-undone':
      return waiting(facts, 'reversal', 'grid-silent');
    case 'for-card':
      return act('bring-card', 'not-on-card');
    case 'being-written':
      return { ...act('wait', 'being-written'), ...untilOf(order.write.leaseUntil) };
    case 'perhaps-on-card':
      if (order.write.status === 'released') return act('bring-card', 'broke-off');
      return act(allowed.includes('rewrite') ? 'rewrite' : 'bring-card', 'write-failed');
    case 'on-card':
      if (allowed.includes('undo')) return act('undo', 'undo-allowed');
      return act('insert-in-meter', 'not-inserted');
    case 'refused-by-meter':
      return act('bring-card', power.belowFen === undefined ? 'meter-refused' : 'meter-full');
    case 'being-credited':
      return waiting(facts, 'credit', 'meter-silent');
    case 'not-credited':
      return act('choose', 'meter-unreachable');
    case 'in-meter':
    case 'in-account':
      return act('none', 'all-done');
    case 'disputed':
      return act('settle-with-grid', 'grid-disagrees');
  }
}

/** No sale stands: the money goes back, or went, or there was none. */
function withoutPower(facts: DiagnosisFacts, at: Diagnosis['money']['at']): Act {
  switch (at) {
    case 'not-paid':
      return facts.order.closure.status === 'open' ? act('pay', 'unpaid') : act('buy-again', 'nothing-kept');
    case 'paid-unknown':
      return waiting(facts, 'payment', 'channel-silent');
    case 'with-us':
    case 'spent':
      return waiting(facts, 'sale', 'grid-silent');
    case 'going-back':
    case 'not-given-back':
      return waiting(facts, 'refund', 'refund-under-way');
    case 'cash-owed':
      return act('collect-cash', 'cash-waits');
    case 'went-back':
      return act('buy-again', 'nothing-kept');
  }
}

function untilOf(time: Date | undefined): Pick<Act, 'until'> {
  return time === undefined ? {} : { until: time.toISOString() };
}

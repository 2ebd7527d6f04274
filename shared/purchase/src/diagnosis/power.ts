import type { Diagnosis, PowerPlace } from '../api/diagnosis.ts';
import type { DiagnosisFacts } from './facts.ts';

type Power = Diagnosis['power'];

/** Where an order's electricity is. "Written" and "failed" are a terminal's words; only the meter's says that it has it. */
export function powerOf(facts: DiagnosisFacts): Power {
  const { order, taken } = facts;
  const told = (at: PowerPlace, since = order.updatedAt): Power => ({
    at,
    creditFen: order.sale.creditFen ?? order.faceFen,
    since: since.toISOString(),
  });
  if (taken !== null) return told(taken.by === 'account' ? 'in-account' : 'in-meter', taken.at);
  if (isDisputed(facts)) return told('disputed');
  const { sale, reversal } = order;
  if (reversal.status === 'sent' || reversal.status === 'unknown')
    return told('being-undone', reversal.sentAt);
  if (reversal.status === 'reversed') return told('undone');
  switch (sale.status) {
    case 'none':
      return sale.firstSentAt === undefined ? told('not-sold') : told('being-asked', sale.firstSentAt);
    case 'sent':
    case 'unknown':
      return told('being-asked', sale.firstSentAt);
    case 'rejected':
      return told('refused');
    case 'sold':
      return isForCard(facts) ? onCard(facts, told) : fromAfar(facts, told);
  }
}

/** The grid holds another sale than was asked for, or one that was given up, or denies the one that it told of. */
function isDisputed({ order: { attention, reversal } }: DiagnosisFacts): boolean {
  if (attention === 'late-sale') return reversal.status === 'refused';
  return attention === 'sale-mismatch' || attention === 'grid-disagrees';
}

function isForCard({ order: { kind, credit, fallback } }: DiagnosisFacts): boolean {
  return kind === 'card' || (credit.status === 'failed' && fallback === 'card');
}

type Told = (at: PowerPlace, since?: Date) => Power;

function fromAfar({ order: { credit, sale } }: DiagnosisFacts, told: Told): Power {
  if (credit.status === 'failed') return told('not-credited');
  return told('being-credited', credit.firstSentAt ?? sale.firstSentAt);
}

function onCard({ order, now, releasedAt, places }: DiagnosisFacts, told: Told): Power {
  const { write, meter } = order;
  const place = write.terminalId === undefined ? undefined : places[write.terminalId];
  const there = (power: Power): Power => (place === undefined ? power : { ...power, place });
  switch (write.status) {
    case 'none':
      return told('for-card');
    case 'released': {
      const isOpen = write.leaseUntil !== undefined && write.leaseUntil > now;
      return there(told(isOpen ? 'being-written' : 'perhaps-on-card', releasedAt));
    }
    case 'failed':
      return write.reason === 'taken-off' ? told('for-card') : there(told('perhaps-on-card', write.at));
    case 'written': {
      if (meter?.status !== 'refused') return there(told('on-card', write.at));
      const { reason, belowFen } = meter;
      const refused = told('refused-by-meter', meter.at);
      return reason === 'full' && belowFen !== undefined ? { ...refused, belowFen } : refused;
    }
  }
}

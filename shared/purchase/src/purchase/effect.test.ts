import { describe, expect, it } from 'vitest';
import { NO, PHASES as CARD, SERIAL, SLOT } from '../testing/card-purchase-states.ts';
import { PHASES as CASH } from '../testing/cash-purchase-states.ts';
import { NUMBER, PHASES as HOME, PROOF } from '../testing/home-purchase-states.ts';
import { claimOf, effectOf } from './effect.ts';
import type { PurchaseEffect } from './effect.ts';
import type { Phase } from './state.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const order = { turn: 8, orderNo: NO };
const made = { do: 'create-order', turn: 8, faceFen: 5000, key: 'k' } as const;
const homeId = HOME.recalling.homeId;

const TABLE: readonly (readonly [phase: Phase, effect: PurchaseEffect | null])[] = [
  [CARD.reading, { do: 'read', turn: 8, slot: SLOT, afterMs: 0 }],
  [
    { ...CARD.reading, tries: 1 },
    { do: 'read', turn: 8, slot: SLOT, afterMs: 700 },
  ],
  [CARD.identifying, { do: 'identify', turn: 8 }],
  [CARD.ordering, { ...made, of: { cardSession: 'session' } }],
  [HOME.ordering, { ...made, of: { customerNo: NUMBER, proof: PROOF } }],
  [HOME.keptOrdering, { ...made, of: { homeId } }],
  [HOME.describing, { do: 'describe', turn: 8, customerNo: NUMBER, proof: PROOF }],
  [HOME.recalling, { do: 'recall', turn: 8, homeId }],
  [HOME.choosing, { do: 'choose', ...order, choice: 'refund' }],
  [CARD.pay, { do: 'create-payment', ...order, channel: 'wechat' }],
  [CARD.closing, { do: 'cancel', ...order }],
  [CARD.writing, { do: 'write', ...order, slot: SLOT, serial: SERIAL }],
  [CASH.taking, { do: 'take-cash', ...order, ticket: 'a-ticket' }],
  [CASH.unsure, { do: 'ask-cash', ...order, afterMs: 0 }],
  [CASH.worn, { do: 'ask-cash', ...order, afterMs: 3_000 }],
  ...[CASH.asking, CASH.checking, CASH.offered, CASH.refused].map((phase) => [phase, null] as const),
  ...[CARD.idle, CARD.who, CARD.selling, CARD.done, HOME.crediting].map((phase) => [phase, null] as const),
];

describe('what entering a phase asks for', () => {
  it.each(TABLE.map(([phase, effect]) => ({ name: phase.name, does: effect?.do, phase, effect })))(
    '$name: $does',
    ({ phase, effect }) => {
      expect(effectOf(phase, 8, DEFAULT_TIMINGS)).toEqual(effect);
    },
  );

  it('proves by as much as its kind of buyer has', () => {
    expect(claimOf(CARD.who.buyer)).toEqual({ cardSession: 'session' });
    expect(claimOf(HOME.who.buyer)).toEqual({ customerNo: NUMBER, proof: PROOF });
    expect(claimOf(HOME.keptAmount.buyer)).toEqual({ homeId });
  });
});

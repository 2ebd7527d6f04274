import { describe, expect, it } from 'vitest';
import { unanswered } from '../testing/unanswered.ts';
import type { Phase, PhaseName } from './state.ts';
import type { PurchaseEvent } from './event.ts';
import type { PurchaseEffect } from './effect.ts';
import {
  TURN,
  SLOT,
  SERIAL,
  INIT,
  order,
  PHASES,
  out,
  isIn,
  timer,
  says,
  failed,
  press,
  choose,
  ended,
} from '../testing/card-purchase-states.ts';

type Row = readonly [
  from: keyof typeof PHASES,
  event: PurchaseEvent,
  to: PhaseName,
  asks?: PurchaseEffect['do'] | 'create-payment, quote',
];

const TABLE: readonly Row[] = [
  ['idle', isIn, 'reading', 'read'],
  ['reading', { type: 'read', turn: TURN, serial: SERIAL }, 'identifying', 'identify'],
  ['reading', failed('reader.timeout'), 'reading', 'read'],
  ['reading', failed('reader.mute'), 'problem'],
  ['reading', out, 'idle'],
  ['identifying', failed('card.foreign'), 'problem'],
  ['identifying', failed('server.unavailable'), 'problem'],
  ['who', press('confirm-card'), 'amount'],
  ['who', press('finish'), 'rest'],
  ['who', out, 'idle'],
  ['rest', out, 'idle'],
  ['amount', choose(5000), 'ordering', 'create-order'],
  ['amount', choose(5050), 'problem'],
  ['amount', press('back'), 'who'],
  ['amount', out, 'idle'],
  [
    'ordering',
    { type: 'ordered', turn: TURN, order: order('created'), at: 0 },
    'pay',
    'create-payment, quote',
  ],
  ['ordering', failed('card.session-expired'), 'reading', 'read'],
  ['ordering', failed('meter.previous-not-inserted'), 'problem'],
  ['ordering', press('back'), 'ordering'],
  ['ordering', out, 'idle'],
  ['pay', says('paying'), 'pay'],
  ['pay', says('paid'), 'selling'],
  ['pay', says('sold'), 'writing', 'write'],
  ['pay', says('closed'), 'expired'],
  ['pay', says('refunding'), 'refund'],
  ['pay', timer, 'closing', 'cancel'],
  ['pay', press('back'), 'closing', 'cancel'],
  ['pay', out, 'closing', 'cancel'],
  ['pay', failed('payment.channel-unavailable'), 'problem'],
  ['pay', failed('order.already-paid'), 'pay', 'refresh'],
  ['closing', says('closed'), 'amount'],
  ['closing', says('paid'), 'selling'],
  ['closing', timer, 'closing', 'cancel'],
  ['closing', out, 'closing'],
  ['expiring', says('closed'), 'expired'],
  ['expiring', says('sold'), 'writing', 'write'],
  ['leaving', says('closed'), 'idle'],
  ['leaving', says('paid'), 'pulled'],
  ['expired', press('retry'), 'reading', 'read'],
  ['expired', press('finish'), 'rest'],
  ['resume', press('resume'), 'writing', 'write'],
  ['resume', press('finish'), 'rest'],
  ['resume', out, 'idle'],
  ['selling', says('paid'), 'selling'],
  ['selling', says('grid-silent'), 'selling'],
  ['selling', says('crediting'), 'selling'],
  ['selling', says('credit-failed'), 'credit-failed'],
  ['selling', says('sold'), 'writing', 'write'],
  ['selling', says('refunding'), 'refund'],
  ['selling', says('attention'), 'problem'],
  ['selling', says('done'), 'done'],
  ['selling', timer, 'selling'],
  ['selling', press('finish'), 'selling'],
  ['selling', out, 'pulled'],
  ['silent', says('sold'), 'writing', 'write'],
  ['silent', press('finish'), 'rest'],
  ['silent', out, 'selling'],
  ['writing', ended('written'), 'done'],
  ['writing', ended('removed'), 'reading', 'read'],
  ['writing', ended('other-card'), 'other-card'],
  ['writing', ended('lease-expired'), 'writing', 'write'],
  ['writing', out, 'writing'],
  ['writing', says('refunding'), 'writing'],
  ['expired', says('refunding'), 'refund'],
  ['expired', says('closed'), 'expired'],
  ['writing', failed('server.unavailable'), 'problem'],
  ['writing', failed('order.leased-elsewhere'), 'problem'],
  ['writing', failed('order.already-written'), 'selling', 'refresh'],
  ['writing', failed('card.changed'), 'problem'],
  ['writing', failed('journal.not-durable'), 'out-of-service'],
  ['writing', press('finish'), 'writing'],
  ['done', press('finish'), 'rest'],
  ['done', out, 'done'],
  ['done', says('done'), 'done'],
  ['pulled', isIn, 'reading', 'read'],
  ['pulled', says('refunding'), 'refund'],
  ['pulled', timer, 'idle'],
  ['rereading', { type: 'read', turn: TURN, serial: SERIAL }, 'writing', 'write'],
  ['rereading', { type: 'read', turn: TURN, serial: '6501000000000002' }, 'other-card'],
  ['rereading', failed('chip.unknown'), 'problem'],
  ['rereading', out, 'pulled'],
  ['otherCard', out, 'pulled'],
  ['otherCard', timer, 'reading', 'read'],
  ['refund', press('finish'), 'rest'],
  ['refund', out, 'refund'],
];

describe('every move of a purchase', () => {
  it.each(TABLE.map(([from, event, to, asks]) => ({ from, what: told(event), event, to, asks })))(
    '$from, $what: $to $asks',
    ({ from, event, to, asks }) => {
      const phase: Phase = PHASES[from];
      const present = 'slot' in phase && phase.slot !== null ? [SLOT] : [];
      const before = { turn: TURN, phase, readers: ['R'], present };
      const { state, effects } = unanswered(before, event, INIT);
      expect(state.phase.name).toBe(to);
      expect(effects.map((effect) => effect.do).join(', ')).toBe(asks ?? '');
    },
  );
});

function told(event: PurchaseEvent): string {
  switch (event.type) {
    case 'command':
      return event.command.type;
    case 'order':
      return `the order is ${event.order.state}`;
    case 'failed':
      return event.code;
    case 'slots':
      return event.present.length === 0 ? 'card out' : 'card in';
    case 'write-ended':
      return `write ${event.outcome.result}`;
    default:
      return event.type;
  }
}

import { brandNames } from '@bianmin/purchase/api/channels';
import { MOST } from './order-facts.ts';
import { named, type Guessed, type Halted, type Sentences, type Strained, type Told } from './sentence.ts';

const CHANNELS = brandNames('en');

/** `1 order`, `3 orders`, `at least 5000 orders`. */
function many(count: number, one: string, several = `${one}s`): string {
  if (count >= MOST) return `at least ${MOST} ${several}`;
  return `${count} ${count === 1 ? one : several}`;
}

const orders = ({ count }: Told): string => many(count, 'order');

const GUESSED: Guessed = {
  password: 'Passwords',
  code: 'Login codes',
  'recovery-code': 'Recovery codes',
  passkey: 'Passkeys',
  'setup-link': 'Links that set a password',
  invitation: 'Invitations',
  'break-glass': 'The sealed code',
  pin: 'PINs of staff',
  'enrol-code': 'Codes that enrol a terminal',
  'binding-code': 'Codes that bind a phone',
  proof: 'Codes before a purchase',
  unlock: 'Locks lifted again and again',
};

const STRAINED: Strained = {
  disk: ({ percent }) =>
    `${String(percent)}% of the database's disk is used; when it is full, nothing is sold`,
  redis: ({ percent }) => `${String(percent)}% of Redis's memory is used; when it is full, selling is slow`,
  'redis-queue': ({ percent }) =>
    `${String(percent)}% of the queue's Redis's memory is used; when it is full, selling is slow`,
  member: ({ names }) =>
    `Members of the database cannot be reached: ${String(names)}. One more, and selling may stop`,
  lag: ({ minutes }) =>
    `A member of the database is ${String(minutes)} min behind; a change of the primary would take longer`,
  log: ({ hours }) =>
    `The database's log of changes reaches back ${String(hours)} h; a member that is away for longer must begin anew`,
};

const HALTED: Halted = { errors: ': too many failed', faults: ': faults increased' };

/** What is wrong in English, for the English console. */
export const ENGLISH: Sentences = {
  'order.paid-not-sold': orders,
  'order.sold-not-written': orders,
  'order.card-went-home': ({ count }) => `${many(count, 'card')} taken home without what was bought`,
  'order.write-unfinished': orders,
  'order.unknown-too-long': (of) =>
    `${orders(of)} whose payment, sale, reversal, credit or refund has no known outcome`,
  'order.attention': orders,
  'refund.stuck': ({ count }) => many(count, 'refund'),
  'refund.abnormal': ({ count }) => `${many(count, 'refund')} that the channel cannot make`,
  'case.waiting': ({ count }) => `${many(count, 'case')} without an owner`,
  'reconcile.difference': ({ count }) => `${many(count, 'difference')} of a reconciliation`,
  'reconcile.day-late': ({ subject, facts: { state, why } }) =>
    `${subject}: ${state === 'failed' ? 'a bill does not hold' : 'no bill was to be had'} (${String(why || state)})`,
  'books.behind': () => 'The ledger does not follow the orders',
  'channel.down': ({ subject, count }) =>
    `${named(CHANNELS, subject) ?? subject} does not answer; ${many(count, 'server process no longer offers it', 'server processes no longer offer it')}`,
  'channel.failing': ({ subject, count, facts }) =>
    `${named(CHANNELS, subject) ?? subject}: ${many(count, 'payment')} failed, ${String(facts['percent'])}% of all`,
  'grid.silent': ({ count, facts }) =>
    `${many(count, 'sale')} without an answer, ${String(facts['percent'])}% of all`,
  'grid.credit-low': ({ facts }) =>
    `${String(facts['yuan'])} yuan are left, by last week's sales enough for about ${String(facts['days'])} days`,
  'grid.credit-gone': ({ count }) =>
    `The grid sells no more${count === 0 ? '' : `; ${many(count, 'paid order waits for it', 'paid orders wait for it')}`}`,
  'grid.key-refused': ({ subject }) =>
    `Two ${subject} cards refused the grid's key; no more cards of this kind are written`,
  'certificate.expiring': ({ subject, facts: { days, ends } }) =>
    `${subject} ${Number(days) < 0 ? 'has ended' : `ends in ${String(days)} days`} (${String(ends)})`,
  'keys.unreadable': ({ count }) =>
    `No key opens ${many(count, 'value')}; the former key must not be taken away`,
  'queue.jobs-late': ({ count }) => `No process takes ${many(count, 'job')}`,
  'queue.orders-late': ({ count }) => `${many(count, 'order')} should have been looked at by now`,
  'queue.exports-late': ({ count }) => many(count, 'export'),
  'terminals.missing': ({ subject, count, facts }) =>
    `${subject}: ${count} missing, ${String(facts['percent'])}% of all`,
  'terminals.fault': ({ subject, count, facts }) =>
    `${subject}: ${count} times in 24 hours, at ${String(facts['of'])} terminals`,
  'terminals.waiting': ({ count, facts }) =>
    `${many(count, 'terminal waits', 'terminals wait')} to be accepted; beyond ${String(facts['most'])} the oldest are dropped`,
  'release.faulty': ({ facts }) =>
    `Files of ${String(facts['code'])} are missing, damaged or wrongly signed; terminals get no update`,
  'rollout.halted': ({ subject, facts }) =>
    `${subject} at step ${String(facts['step'])}${named(HALTED, facts['cause']) ?? ''}; nobody else gets it`,
  'access.guessing': ({ subject, count }) =>
    `${named(GUESSED, subject) ?? subject}: locked ${many(count, 'time')} within an hour after too many wrong tries`,
  'access.break-glass': ({ facts }) =>
    `Somebody at the server made ${String(facts['name'])} an administrator with the sealed code`,
  'command.forged': ({ count }) =>
    `No member of staff gave ${many(count, 'command')}, or not as it stands there; no terminal got any of that`,
  'backup.old': ({ facts }) =>
    `No backup was made for ${String(facts['hours'])} hours; a damaged database would lose them`,
  'backup.undrilled': ({ facts }) =>
    `Nobody has read a backup for ${Math.floor(Number(facts['hours']) / 24)} days; whether it can be restored is not known`,
  'store.database': () => 'The database does not answer; nothing is sold anywhere',
  'store.redis': ({ count }) =>
    `${many(count, 'server process', 'server processes')} without Redis: purchases go on with few new orders a minute; heartbeats, pushes, the portal and staff mode wait`,
  'store.strained': ({ subject, facts }) => named(STRAINED, subject)?.(facts) ?? subject,
  'process.silent': ({ subject }) => `No ${subject} process is running`,
  'alert.delivery': ({ facts, count }) =>
    `“${String(facts['name'])}” gets no alerts (${String(facts['code'])}); ${many(count, 'message waits', 'messages wait')}`,
  'alert.rule-failed': ({ subject }) => `${subject} could not be asked; the other rules go on`,
};

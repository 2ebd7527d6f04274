import type { AdminApproval } from '@bianmin/purchase/api/approvals';
import { toldBy, type Fact, type Told } from '../../parts/difference.ts';
import { roleChanges } from '../../parts/role-changes.ts';

/** A request as a second person reads it. */
export interface Card extends Told {
  /** Why, in the requester's words. */
  readonly reason: string | undefined;
  /** After it nothing can be carried out any more; undefined: it stays good until it is decided. */
  readonly goodUntil: string | undefined;
}

/** What says nothing to a person: keys, digests and numbers that only the server needs. */
const HIDDEN = new Set([
  'version',
  'reset',
  'invite',
  'nonce',
  'sealed',
  'ruleId',
  'fileId',
  'key',
  'reason',
  'goodUntil',
  'serial',
  'frozenAt',
]);
/** What matters most, first; the rest follows as it came. */
const ORDER = [
  ...[
    'orderNo',
    'caseId',
    'floatId',
    'names',
    'userName',
    'role',
    'customer',
    'channel',
    'action',
    'attention',
  ],
  ...['faceFen', 'paidFen', 'fen', 'off', 'capFen', 'budgetFen', 'terminalName', 'terminalId'],
];
/** Of these kinds `id` names a float, which has a page. */
const OF_FLOATS = /^float\./;

export function cardOf({ kind, content }: Pick<AdminApproval, 'kind' | 'content'>): Card {
  const { changes, facts } = toldOf(kind, content);
  const shown = facts
    .filter(([name, value]) => !HIDDEN.has(name) && value !== '' && value !== null)
    // A user's id is behind the name, a key's behind its fingerprint.
    .filter(([name]) => !(name === 'userId' && 'userName' in content))
    .filter(([name]) => !(name === 'id' && !OF_FLOATS.test(kind)))
    .map(([name, value]): Fact => {
      if (name === 'id') return ['floatId', value];
      const { userId } = content;
      return name === 'userName' && typeof userId === 'string'
        ? [name, value, `/users/${userId}`]
        : [name, value];
    });
  const place = ([name]: Fact): number => {
    const at = ORDER.indexOf(name);
    return at < 0 ? ORDER.length : at;
  };
  return {
    changes,
    facts: shown.toSorted((a, b) => place(a) - place(b)),
    reason: textOf(content['reason']),
    goodUntil: textOf(content['goodUntil']),
  };
}

function toldOf(kind: string, content: AdminApproval['content']): Told {
  // What a file makes different of each role, and by what the file is known.
  if (kind === 'role.file') {
    const { changes, ...rest } = content;
    return { changes: roleChanges(changes), facts: Object.entries(rest) };
  }
  if (kind !== 'user.create') return toldBy(content);
  // Before there was nobody.
  const { org, roles, permissions, ...rest } = content;
  return toldBy({ ...rest, before: {}, after: { org, roles, permissions } });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

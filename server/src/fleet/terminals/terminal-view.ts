import type { AdminTerminal } from '@bianmin/purchase/api/admin-terminals';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Terminal } from '../store/terminals.ts';
import { thumbprint } from './keys.ts';
import type { PresenceView, PresenceViews } from './presence-view.ts';

interface Heard {
  readonly presence: PresenceViews;
}

/** Terminals as administrators see them, with who of them is there. */
export async function viewsOf({ presence }: Heard, terminals: readonly Terminal[]): Promise<AdminTerminal[]> {
  const heard = await presence(terminals.map(({ _id }) => _id));
  return Promise.all(terminals.map((terminal) => viewOf(terminal, heard.get(terminal._id))));
}

/** One terminal, the same way. */
export async function viewWith(services: Heard, terminal: Terminal): Promise<AdminTerminal> {
  return viewOf(terminal, (await services.presence([terminal._id])).get(terminal._id));
}

async function viewOf(terminal: Terminal, heard: PresenceView | undefined): Promise<AdminTerminal> {
  const { _id, kind, name, version, engine, status, enrolledAt, decidedAt, decidedBy } = terminal;
  return {
    id: _id,
    kind,
    name,
    version,
    engine: engine ?? null,
    community: terminal.community ?? null,
    orgPath: [...(terminal.orgPath ?? PROVINCE_PATH)],
    address: terminal.address ?? null,
    status,
    fingerprint: (await thumbprint(terminal.signKey)).slice(0, 12),
    enrolledAt: enrolledAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy: decidedBy ?? null,
    reason: terminal.reason ?? null,
    presence: heard?.presence ?? 'never',
    seenAt: heard?.seenAt?.toISOString() ?? null,
    blocked: heard?.blocked ?? false,
  };
}

/** Also for a caller who may not know that there is one. */
export function noTerminal(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
}

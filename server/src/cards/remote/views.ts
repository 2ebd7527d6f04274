import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { AdminCardSession, RecordedStep, TerminalCardSession } from '@bianmin/purchase/api/card-session';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';
import type { RemoteResult } from '@bianmin/purchase/remote-card/messages';
import { labelOf } from './asked.ts';
import type { KeptPayloads } from './kept.ts';
import { permittedNow } from './permitted-now.ts';
import { answeredSteps, outstanding, type RemoteSession, type SessionStep } from './session.ts';

/** The session as its terminal may see it; `sealed`: the step that is due. */
export function terminalView(
  session: RemoteSession,
  init: { serverKey: EcPublicJwk | null; now: Date; sealed?: string },
): TerminalCardSession {
  const step = outstanding(session);
  return {
    id: session._id,
    kind: session.kind,
    state: session.state,
    askedBy: session.asker.name,
    reason: session.reason,
    serial: session.serial,
    subject: session.subject,
    expiresInMs: Math.max(0, session.expiresAt.getTime() - init.now.getTime()),
    serverKey: init.serverKey,
    step: step === undefined || init.sealed === undefined ? null : { n: step.n, sealed: init.sealed },
    answered: answeredSteps(session),
    end: session.end?.how ?? null,
    failure: session.end?.failure ?? null,
  };
}

/** As staff see it: the record, and for the user who drives it what the newest step read, while the session lives. */
export async function adminView(
  session: RemoteSession,
  viewer: string,
  { kept, layouts }: { readonly kept: KeptPayloads; readonly layouts: CardLayouts },
): Promise<AdminCardSession> {
  const last = session.steps.at(-1);
  const mine = session.asker.kind === 'staff' && session.asker.id === viewer;
  const live = mine && last?.answer !== undefined && isReading(last);
  return {
    id: session._id,
    kind: session.kind,
    state: session.state,
    terminalId: session.terminalId,
    asker: session.asker,
    reason: session.reason,
    serial: session.serial,
    subject: session.subject,
    createdAt: session.createdAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    endedAt: session.end?.at.toISOString() ?? null,
    end: session.end?.how ?? null,
    failure: session.end?.failure ?? null,
    steps: session.steps.map(stepView),
    permits: permittedNow(session, layouts),
    answer: live ? liveAnswer(last.n, await kept.answer(session, last.n)) : null,
  };
}

function stepView({ n, asked, askedAt, answer }: SessionStep): RecordedStep {
  return {
    n,
    asked: labelOf(asked),
    askedAt: askedAt.toISOString(),
    answeredAt: answer?.at.toISOString() ?? null,
    outcome: answer?.outcome ?? null,
    chip: answer?.chip ?? null,
    serial: answer?.serial ?? null,
    tries: answer?.tries ?? null,
    digest: answer?.digest ?? null,
    exchanges: (answer?.exchanges ?? []).map(([command, status]) => [command, status]),
    more: answer?.more ?? 0,
  };
}

function isReading({ asked }: SessionStep): boolean {
  return asked.do === 'read' || asked.do === 'read-card';
}

function liveAnswer(n: number, result: RemoteResult | undefined): AdminCardSession['answer'] {
  if (result?.did === 'read') return { n, data: result.data, image: null };
  if (result?.did === 'read-card') return { n, data: null, image: result.image };
  return null;
}

import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { AnswerMessage, RemoteResult } from '@bianmin/purchase/remote-card/messages';
import { keptExchange } from '@bianmin/purchase/remote-card/record';
import { imageOf } from '../../orders/desk/wire-image.ts';
import { malformed } from './problems.ts';
import { sha256 } from './session-keys.ts';
import type { RemoteSession, SessionStep, StepAnswer } from './session.ts';

type Found = Pick<StepAnswer, 'chip' | 'serial' | 'layout' | 'tries' | 'digest' | 'write'>;

/** What is stored of an answer: what was done and found, and digests; whatever the terminal sent, no data byte. */
export function recordOf(message: AnswerMessage, init: { at: Date; repeat: string }): StepAnswer {
  const { outcome, exchanges, more } = message;
  return {
    ...init,
    outcome: outcome.ok ? 'done' : outcome.code,
    exchanges: exchanges.map(keptExchange),
    more,
    ...(outcome.ok ? foundOf(outcome.result) : {}),
  };
}

function foundOf(result: RemoteResult): Found {
  switch (result.did) {
    case 'identify':
      return {
        ...{ chip: result.chip, serial: result.serial },
        ...(result.layout === undefined ? {} : { layout: result.layout }),
      };
    case 'read':
      return { digest: sha256(result.data) };
    case 'read-card':
      return { digest: imageDigest(imageOf(result.image)) };
    case 'tries':
      return result.tries === null ? {} : { tries: result.tries };
    case 'stage':
      return { write: 'waits' };
    case 'written':
      return { write: 'written', digest: result.imageDigest };
  }
}

/** Throws `request.malformed` for an answer to something else than what was asked. */
export function checkAnswer(session: RemoteSession, { asked }: SessionStep, result: RemoteResult): void {
  const fits =
    asked.do === 'write' || asked.do === 'continue'
      ? result.did === 'stage' || result.did === 'written'
      : result.did === asked.do;
  if (!fits) throw malformed('/body/sealed', 'answers something else');
  if (asked.do === 'read' && result.did === 'read' && result.data.length !== 2 * asked.length) {
    throw malformed('/body/sealed', 'has another length');
  }
  const other = session.serial !== null && result.did === 'identify' && result.serial !== session.serial;
  if (other) throw malformed('/body/sealed', 'is of another card');
}

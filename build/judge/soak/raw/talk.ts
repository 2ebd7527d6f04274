import { connect } from 'node:net';
import type { Conversation } from './conversation.ts';
import { WireAnswers, type WireAnswer } from './wire-answers.ts';

/** What became of a conversation. */
export interface Heard {
  readonly answers: readonly WireAnswer[];
  /** Nothing more came, and the connection was still open. */
  readonly silent: boolean;
  /** There was nobody. */
  readonly refused: boolean;
}

/** An answer that takes longer is none: with nothing but strangers, nothing here takes half a second. */
const SILENCE_MS = 10_000;
/** Who is to read one piece before the next is given so long. */
const BETWEEN_MS = 1;

/** Has a conversation on a connection of its own. */
export function talk(port: number, conversation: Conversation): Promise<Heard> {
  return new Promise((resolve) => {
    const { pieces, methods, ending } = conversation;
    const reader = new WireAnswers(methods);
    const answers: WireAnswer[] = [];
    let refused = false;
    let silent = false;
    let foreign = false;
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE_MS, () => {
      silent = true;
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused ||= error.code === 'ECONNREFUSED';
    });
    socket.on('data', (bytes) => {
      if (foreign) return;
      try {
        answers.push(...reader.push(bytes));
      } catch {
        // Frames of a WebSocket, or what stands behind the answer that ended it.
        foreign = true;
        if (ending === 'wait') socket.destroy();
      }
      if (ending === 'wait' && answers.length >= methods.length) socket.destroy();
    });
    socket.once('close', () => {
      const last = foreign ? undefined : reader.end();
      resolve({ answers: last === undefined ? answers : [...answers, last], silent, refused });
    });
    const say = (at: number): void => {
      const piece = pieces[at];
      if (socket.destroyed) return;
      if (piece !== undefined) {
        socket.write(piece);
        if (pieces.length === 1) say(at + 1);
        else setTimeout(say, BETWEEN_MS, at + 1);
      } else if (ending === 'reset') socket.resetAndDestroy();
      else if (ending === 'end') socket.end();
    };
    socket.once('connect', () => {
      say(0);
    });
  });
}

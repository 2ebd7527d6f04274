import { createConnection } from 'mongoose';
import type { Program } from '../process/program.ts';

/** How long one try may take; then comes the next. */
const TRY_MS = 2_000;
/** Nothing heard yet. A server that answers in a protocol that we do not speak will not learn it. */
const NO_ANSWER = /^Mongo(?:ose)?(?:ServerSelection|Network)/;

/**
 * Through mongoose, as the server will talk to it: an old wire version fails here and not later. What the address says of time
 * for itself wins.
 */
export async function ping(uri: string, withinMs: number): Promise<void> {
  const connection = createConnection(uri, {
    autoCreate: false,
    ...(uri.includes('serverSelectionTimeoutMS') ? {} : { serverSelectionTimeoutMS: withinMs }),
  });
  try {
    await connection.asPromise();
    await connection.db?.admin().ping();
  } finally {
    await connection.close();
  }
}

/** Asks a database until it answers, for as long as it runs: on a busy machine that may take long. */
export async function untilItAnswers(
  program: Pick<Program, 'name' | 'exit' | 'tail'>,
  uri: string,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await ping(uri, TRY_MS);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      const { exit } = program;
      if (exit !== undefined) {
        const how = String(exit.signal ?? exit.code);
        const said = `${program.name} ended with ${how} before it answered. It said:\n${program.tail()}`;
        throw new Error(said, { cause: error });
      }
      if (!(error instanceof Error && NO_ANSWER.test(error.name))) throw error;
    }
  }
}

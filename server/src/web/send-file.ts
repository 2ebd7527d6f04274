import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Context } from 'koa';
import send from 'send';
import { ProblemError } from '../kernel/problem.ts';

export interface SentFile {
  readonly folder: string;
  /** In the folder; from our own list of names, never from a request. */
  readonly name: string;
  /** Of its bytes and nothing else, so that a part continues what another process of ours began. */
  readonly digest: string;
  readonly type: string;
  /** Resolves when the next bytes may go out; absent: as fast as they are taken. */
  readonly pace?: (bytes: number, signal: AbortSignal) => Promise<void>;
}

/** What one wait is for, where there is a pace. */
const PACED_BYTES = 256 * 1024;

/** Streams a file with ranges and `If-Range` (RFC 9110 §14), and ends when the answer has. */
export async function sendFile(ctx: Context, { folder, name, digest, type, pace }: SentFile): Promise<void> {
  // The client is gone.
  if (ctx.res.closed) return;
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, ETag: `"${digest}"`, 'Cache-Control': 'no-cache' });
  // From here `send` writes to Node's own answer, which Koa must not end.
  ctx.respond = false;
  try {
    await new Promise<void>((resolve, reject) => {
      ctx.res.once('close', resolve);
      const sending = send(ctx.req, encodeURIComponent(name), {
        ...{ root: folder, dotfiles: 'deny', index: false },
        // Each process has its own times for the same bytes.
        ...{ cacheControl: false, etag: false, lastModified: false },
      });
      if (pace !== undefined) {
        sending.stream = (path, part = {}) => {
          sendPaced(ctx, { path, part, pace }).catch(reject);
        };
      }
      sending
        .on('error', reject)
        .on('directory', () => {
          reject(notThere());
        })
        .pipe(ctx.res);
    });
  } catch (error) {
    ctx.respond = true;
    ctx.remove('ETag');
    ctx.set('Cache-Control', 'no-store');
    throw problemOf(error);
  }
}

/** In the place of what `send` does with the part that was asked for. */
async function sendPaced(
  ctx: Context,
  init: { path: string; part: { start?: number; end?: number }; pace: NonNullable<SentFile['pace']> },
): Promise<void> {
  const { path, part, pace } = init;
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort(new Error('The client no longer reads it.'));
  };
  ctx.res.once('close', leave);
  const { start, end } = part;
  const file = createReadStream(path, {
    highWaterMark: PACED_BYTES,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  });
  try {
    await pipeline(
      file,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          await pace(chunk.length, gone.signal);
          yield chunk;
        }
      },
      ctx.res,
    );
  } catch (error) {
    // A client that hung up comes back for the rest.
    if (!gone.signal.aborted) throw error;
  }
}

function problemOf(error: unknown): unknown {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 404) return notThere();
  // 412 is `If-Match`: the file that was meant has no part here any more. `send` has set `Content-Range`.
  if (status !== 416 && status !== 412) return error;
  return new ProblemError({
    code: 'request.range',
    message: 'The range is outside the file. Ask for a range within it, or for the whole file.',
  });
}

function notThere(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'The file no longer exists.' });
}

import type { Context } from 'koa';
import send from 'send';
import { ProblemError } from './problem.ts';

export interface SentFile {
  readonly folder: string;
  /** In the folder; from our own list of names, never from a request. */
  readonly name: string;
  /** Of its bytes and nothing else, so that a part continues what another process of ours began. */
  readonly digest: string;
  readonly type: string;
}

/** Streams a file with ranges and `If-Range` (RFC 9110 §14), and ends when the answer has. */
export async function sendFile(ctx: Context, { folder, name, digest, type }: SentFile): Promise<void> {
  // Nobody is there to read it.
  if (ctx.res.closed) return;
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, ETag: `"${digest}"`, 'Cache-Control': 'no-cache' });
  // From here `send` writes to Node's own answer, which Koa must not end.
  ctx.respond = false;
  try {
    await new Promise<void>((resolve, reject) => {
      ctx.res.once('close', resolve);
      send(ctx.req, encodeURIComponent(name), {
        ...{ root: folder, dotfiles: 'deny', index: false },
        // Each process has its own times for the same bytes.
        ...{ cacheControl: false, etag: false, lastModified: false },
      })
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

function problemOf(error: unknown): unknown {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 404) return notThere();
  // 412 is `If-Match`: the file that was meant has no part here any more. `send` has set `Content-Range`.
  if (status !== 416 && status !== 412) return error;
  return new ProblemError({
    code: 'request.range',
    message: 'The file has no such part. Ask for a range that it has, or for all of it.',
  });
}

function notThere(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such file any more.' });
}

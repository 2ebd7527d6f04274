import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { SUPPORT_MEDIA_TYPE } from '@bianmin/purchase/api/support';
import { chinaClock } from '../kernel/china-time.ts';

/** A support archive as a file for a browser. */
export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256, hex: its ETag. */
  readonly digest: string;
}

/** `support-kiosk-20260301120000.zip`, by China's clocks. */
export function archiveFile(
  bytes: Uint8Array,
  of: { readonly kind: string; readonly at: string },
): ArchiveFile {
  const name = `support-${of.kind}-${chinaClock(new Date(of.at)).replace(/\D/gu, '')}.zip`;
  return { name, bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** The file, or that the caller has it. */
export function answerWithArchive(ctx: Context, { name, bytes, digest }: ArchiveFile): void {
  ctx.status = 200;
  ctx.etag = digest;
  ctx.set('Cache-Control', 'private, no-cache');
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  ctx.attachment(name);
  ctx.type = SUPPORT_MEDIA_TYPE;
  ctx.body = Buffer.from(bytes);
}

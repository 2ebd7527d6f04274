import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const problem = z.object({ code: z.string() });
const PIECES = 20;

/** A body that takes its time; gives what was answered. */
export async function slowUpload(
  url: string,
  init: { bytes: number; ms: number },
): Promise<{ status: number | undefined; code: string | undefined }> {
  const piece = Buffer.alloc(init.bytes / PIECES, 'a');
  const headers = { 'content-type': 'application/json', 'content-length': piece.length * PIECES };
  const call = request(url, { method: 'POST', headers });
  const answered = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    call.once('error', reject);
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.once('end', () => {
        resolve({ status: response.statusCode, text });
      });
    });
  });
  answered.catch(() => undefined);
  for (let sent = 0; sent < PIECES; sent += 1) {
    call.write(piece);
    await sleep(init.ms / PIECES);
  }
  call.end();
  const { status, text } = await answered;
  return { status, code: problem.safeParse(JSON.parse(text)).data?.code };
}

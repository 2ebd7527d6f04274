import axios from 'axios';
import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { errorOfAnswer, unreachable } from '@bianmin/purchase/api/client-error';

/** Fetches a file and hands it to the browser under the name that the server gave it. Rejects with `ApiError`. */
export async function downloadFile(of: {
  path: string;
  query?: Readonly<Record<string, string>>;
}): Promise<void> {
  const answer = await axios
    .get<Blob>(of.path, {
      params: of.query,
      responseType: 'blob',
      timeout: CLIENT_LIMITS_MS.download,
      validateStatus: () => true,
    })
    .catch((error: unknown) => {
      throw unreachable(error);
    });
  if (answer.status !== 200) throw errorOfAnswer(answer, await jsonOf(answer.data));
  saveFile(answer.data, nameIn(String(answer.headers['content-disposition'] ?? '')) ?? 'download');
}

/** Hands bytes to the browser as a file. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The file's name of a `Content-Disposition` (RFC 6266), the extended form first. */
export function nameIn(disposition: string): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return extended === undefined ? /filename="([^"]+)"/i.exec(disposition)?.[1] : decodeURIComponent(extended);
}

async function jsonOf(body: Blob): Promise<unknown> {
  try {
    return JSON.parse(await body.text());
  } catch {
    return undefined;
  }
}

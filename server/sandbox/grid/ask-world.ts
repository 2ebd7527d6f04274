import type { GridSandbox } from './sandbox.ts';

/** Asks a sandbox under `/world/`, as its page does; with a body: by POST. */
export async function askWorld<T>(
  sandbox: GridSandbox,
  path: string,
  body?: unknown,
): Promise<{ status: number; answer: T }> {
  const response = await fetch(
    `${sandbox.url}/world/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  return { status: response.status, answer: (await response.json()) as T };
}

import type { z } from 'zod';

interface SandboxRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

export function get(path: string): SandboxRequest {
  return { method: 'GET', path };
}

export function post(path: string, body: unknown = {}): SandboxRequest {
  return { method: 'POST', path, body };
}

/** Asks one of the sandboxes. Fails with its words where the answer is no success, or not of this shape. */
export async function ask<S extends z.ZodType>(
  base: string,
  request: SandboxRequest,
  schema: S,
): Promise<z.output<S>> {
  const { method, path, body } = request;
  const response = await fetch(new URL(path, base), {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
  return schema.parse(text === '' ? null : JSON.parse(text));
}

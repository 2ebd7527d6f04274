import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../api/http-call.ts';
import { linkedHttp } from './link.ts';

const REQUEST: HttpRequest = { method: 'GET', url: 'http://server/v1/x', headers: {}, timeoutMs: 1000 };
const problem = (status: number, code: string): HttpAnswer => ({
  ...{ status, headers: {} },
  body: JSON.stringify({ code, status, title: 'no', type: 'about:blank', traceId: 't', retryable: false }),
});
const OK: HttpAnswer = { status: 200, headers: {}, body: '{}' };

function rig() {
  const told: string[] = [];
  const waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void }[] = [];
  const http = linkedHttp(
    () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
      }),
    { state: (state) => told.push(state), notEnrolled: () => told.push('not enrolled') },
  );
  return { told, waiting, ask: () => http(REQUEST).catch(() => undefined) };
}

async function told(answer: HttpAnswer | Error): Promise<string[]> {
  const { told, waiting, ask } = rig();
  const asked = ask();
  if (answer instanceof Error) waiting[0]?.reject(answer);
  else waiting[0]?.resolve(answer);
  await asked;
  return told;
}

describe('what a request shows of the link', () => {
  it('is that the server is there, whatever it answers', async () => {
    expect(await told(OK)).toEqual(['online']);
    expect(await told(problem(404, 'order.not-found'))).toEqual(['online']);
    expect(await told(problem(500, 'server.internal'))).toEqual(['online']);
  });

  it('is that it is away, where nothing came or something before it answered', async () => {
    expect(await told(new Error('ECONNREFUSED'))).toEqual(['away']);
    expect(await told({ status: 502, headers: {}, body: '<h1>Bad Gateway</h1>' })).toEqual(['away']);
    expect(await told(problem(503, 'server.unavailable'))).toEqual(['away']);
  });

  it('is that the terminal is to enrol, and not where a person lacks a right', async () => {
    expect(await told(problem(403, 'terminal.pending'))).toEqual(['online', 'not enrolled']);
    expect(await told(problem(401, 'auth.required'))).toEqual(['online', 'not enrolled']);
    expect(await told(problem(403, 'auth.forbidden'))).toEqual(['online']);
  });

  it('is nothing where a later question has been answered', async () => {
    const { told, waiting, ask } = rig();
    const [slow, quick] = [ask(), ask()];
    waiting[1]?.resolve(OK);
    await quick;
    waiting[0]?.reject(new Error('timeout'));
    await slow;
    expect(told).toEqual(['online']);
  });
});

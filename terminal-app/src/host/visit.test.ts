import { describe, expect, it } from 'vitest';
import { currentTraceId, traceIdOf } from '@bianmin/purchase/node/trace';
import { tracedHttp, Visit } from './visit.ts';

class Api {
  readonly #kept = 'kept';
  async order(no: string): Promise<string> {
    await Promise.resolve();
    return `${no} ${this.#kept} ${currentTraceId() ?? 'none'}`;
  }
}

describe('a visit', () => {
  it('has one trace from its beginning to its end, and the next has another', () => {
    const visit = new Visit();
    visit.begin();
    const first = visit.run(currentTraceId);
    visit.begin();
    expect(visit.run(currentTraceId)).toBe(first);
    visit.end();
    visit.begin();
    expect(visit.run(currentTraceId)).not.toBe(first);
  });

  it('is what each call of an object belongs to, at the moment of the call', async () => {
    const visit = new Visit();
    const api = visit.within(new Api());
    visit.begin();
    const traceId = visit.run(currentTraceId);
    const asked = api.order('7');
    visit.end();
    expect(await asked).toBe(`7 kept ${traceId}`);
    expect(await api.order('8')).not.toContain(traceId);
  });

  it('is told to the server, and is not told while there is none', async () => {
    const sent: (string | undefined)[] = [];
    const http = tracedHttp(({ headers }) => {
      sent.push(headers['traceparent']);
      return Promise.resolve({ status: 200, headers: {}, body: '' });
    });
    const request = { method: 'GET', url: 'http://x', headers: {}, timeoutMs: 1 } as const;
    const visit = new Visit();
    visit.begin();
    await visit.run(() => http(request));
    await http(request);
    expect(sent.map(traceIdOf)).toEqual([visit.run(currentTraceId), undefined]);
    expect(sent[1]).toBeUndefined();
  });
});

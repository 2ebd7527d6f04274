import { describe, expect, it } from 'vitest';
import { ORDER_NO, ORDER, setup, problem, failure } from '../testing/fake-api-server.ts';

describe('the client of the API', () => {
  it('calls with a token and a proof of exactly this request', async () => {
    const { client, calls } = setup(() => ({ status: 201, body: { ...ORDER, more: 'undeclared' } }));
    const request = {
      idempotencyKey: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
      cardSession: 's',
      faceFen: 5000,
      entry: 'kiosk',
    } as const;
    expect(await client.createOrder(request)).toEqual(ORDER);
    expect(calls).toEqual([
      {
        method: 'POST',
        url: 'http://api.test/v1/terminal/orders',
        body: request,
        authorization: 'DPoP token-1',
        proof: `POST http://api.test/v1/terminal/orders token-1 @${Date.UTC(2026, 0, 15, 2) / 1000}`,
      },
    ]);
  });

  it('describes a household and buys for it with its proof, and nothing of the proof is in the address', async () => {
    const customer = { name: '张*', address: '天山区**小区3号楼', customerNo: '****1001' };
    const meter = { balanceFen: null, readAt: null, arrearsFen: 0 };
    const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000] };
    const home = { customer, meter, limits, blocked: 'meter.not-remote' } as const;
    const { client, calls } = setup(({ url }) =>
      url.endsWith('/describe') ? { status: 200, body: home } : { status: 201, body: ORDER },
    );
    const proven = { customerNo: '650100001001', proof: '042917' };
    expect(await client.describeRemote(proven)).toEqual(home);
    const idempotencyKey = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
    const request = { ...proven, idempotencyKey, faceFen: 5000, entry: 'kiosk' } as const;
    expect(await client.createRemoteOrder(request)).toEqual(ORDER);
    expect(calls.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'http://api.test/v1/terminal/remote/describe', proven],
      ['POST', 'http://api.test/v1/terminal/remote/orders', request],
    ]);
  });

  it('says what becomes of an order whose credit failed, and hands a refusal on', async () => {
    const remote = {
      ...ORDER,
      state: 'refunding',
      kind: 'remote',
      credit: { status: 'failed', balanceFen: null, creditedAt: null },
      choices: [],
    };
    const { client, calls } = setup((_, n) =>
      n === 1 ? { status: 200, body: remote } : problem('order.no-choice', 409, { orderNo: ORDER_NO }),
    );
    expect(await client.choose(ORDER_NO, { choice: 'refund' })).toEqual(remote);
    expect(calls[0]).toMatchObject({
      url: `http://api.test/v1/terminal/orders/${ORDER_NO}/choose`,
      body: { choice: 'refund' },
    });
    expect(await failure(client.choose(ORDER_NO, { choice: 'card' }))).toMatchObject({
      code: 'order.no-choice',
      orderNo: ORDER_NO,
    });
  });

  it('makes the address of a stream, with the last event where there is one', async () => {
    const { client } = setup(() => ({ status: 200, body: { ticket: 'a+b' } }));
    expect(await client.streamUrl()).toBe('http://api.test/v1/terminal/stream?ticket=a%2Bb');
    expect(await client.streamUrl('42')).toBe(
      'http://api.test/v1/terminal/stream?ticket=a%2Bb&lastEventId=42',
    );
  });

  it('enrols without a token', async () => {
    const { client, tokens } = setup(() => ({ status: 200, body: { terminalId: 't1', status: 'pending' } }));
    const answer = await client.enrol((at) => Promise.resolve(`jws@${at}`));
    expect(answer).toEqual({ terminalId: 't1', status: 'pending' });
    expect(tokens()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { PinPause } from './pin-pause.ts';
import { staffApi } from './staff-api.ts';

const CLOSE = { shift: '3f0f5f5e-8f43-4f9e-9d5e-0d1f6c1b2a3d', counted: [], leftFen: 0 };
const OFFER = { takeFen: 5000 };

/** A server that keeps what it was asked, and answers with what a test says. */
function server(answer: () => Promise<unknown> = () => Promise.resolve(undefined)) {
  const asked: unknown[] = [];
  const api = staffApi(
    {
      post: (path, _schema, body) => {
        asked.push([path.replace('/v1/terminal/staff/', ''), body]);
        return answer() as Promise<never>;
      },
      offerCash: (orderNo, body) => {
        asked.push([orderNo, body]);
        return answer() as Promise<never>;
      },
    },
    new PinPause(new ManualClock()),
  );
  return { api, asked };
}

const wrong = (): Promise<never> =>
  Promise.reject(new ApiError({ code: 'float.bad-pin', message: 'A test.', status: 403 }));

describe('what a terminal asks about its staff', () => {
  it('is for a shift, whose ticket and PIN are in bodies and never in addresses', async () => {
    const { api, asked } = server(() => Promise.resolve({ shift: null }));
    await api.enter({ staff: '104817', pin: '274913' });
    await api.pin('a-ticket', '274913');
    expect(await api.shift('a-ticket')).toBe(null);
    await api.close('a-ticket', CLOSE);
    await api.offerCash('261127093000000001', { shift: 'a-ticket' });
    expect(asked).toEqual([
      ['sessions', { staff: '104817', pin: '274913', shift: true }],
      ['sessions/pin', { ticket: 'a-ticket', pin: '274913' }],
      ['shifts/read', { ticket: 'a-ticket' }],
      ['shifts/close', { ticket: 'a-ticket', ...CLOSE }],
      ['261127093000000001', { shift: 'a-ticket' }],
    ]);
  });

  it.each<readonly [string, (api: ReturnType<typeof staffApi>) => Promise<unknown>]>([
    ['signing in', (api) => api.enter({ staff: '104817', pin: '000000' })],
    ['coming back', (api) => api.pin('a-ticket', '000000')],
    ['cash', (api) => api.offerCash('261127093000000001', { shift: 'a-ticket', pin: '000000' })],
  ])('is held up after ten wrong PINs: %s', async (_, ask) => {
    const { api, asked } = server(wrong);
    for (let n = 0; n < 10; n += 1) await expect(ask(api)).rejects.toMatchObject({ code: 'float.bad-pin' });
    await expect(ask(api)).rejects.toMatchObject({ code: 'request.rate-limited' });
    expect(asked).toHaveLength(10);
  });

  it('about cash without a PIN is not held up by wrong ones', async () => {
    let isWrong = true;
    const { api } = server(() => (isWrong ? wrong() : Promise.resolve(OFFER)));
    for (let n = 0; n < 10; n += 1) await api.pin('a-ticket', '000000').catch(() => undefined);
    isWrong = false;
    await expect(api.pin('a-ticket', '274913')).rejects.toMatchObject({ code: 'request.rate-limited' });
    expect(await api.offerCash('261127093000000001', { shift: 'a-ticket' })).toBe(OFFER);
  });
});

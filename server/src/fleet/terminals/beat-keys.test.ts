import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { expect, it } from 'vitest';
import { KeyRing } from '../../kernel/key-ring.ts';
import { codeOf } from '@bianmin/card/errors';
import { BeatKeys } from './beat-keys.ts';

const [ONE, TWO] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const clock = new ManualClock();
const beater = { terminalId: 't', kind: 'kiosk', orgPath: ['xj'] } as const;

it('a beat’s key is known wherever its secret is, and nowhere else', () => {
  const ring = new KeyRing(
    new Map([
      [1, ONE],
      [2, TWO],
    ]),
  );
  const [before, both] = [new BeatKeys({ secret: ONE, clock }), new BeatKeys({ secret: ring, clock })];
  const former = before.make(beater);
  expect(both.make(beater).token).not.toContain('.');
  ring.sealWith(2);
  const newer = both.make(beater);
  const after = new BeatKeys({ secret: new KeyRing(new Map([[2, TWO]])), clock });
  const keyAt = (keys: BeatKeys, token: string): Buffer | undefined => {
    let known: Buffer | undefined;
    const said = keys.proven(token, (key) => {
      known = key;
    });
    expect(said).toMatchObject({ terminalId: 't', orgPath: ['xj'] });
    return known;
  };
  expect(keyAt(both, former.token)).toEqual(former.key);
  for (const keys of [both, after]) expect(keyAt(keys, newer.token)).toEqual(newer.key);
  // A terminal gets a new one.
  let code: unknown;
  try {
    before.proven(newer.token, () => undefined);
  } catch (error) {
    code = codeOf(error);
  }
  expect(code).toBe('auth.required');
});

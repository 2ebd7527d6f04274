import { expect, it } from 'vitest';
import type { FleetKiosk } from '@bianmin/purchase/api/fleet-kiosks';
import { concernOf } from './concern.ts';

const kiosk: FleetKiosk = {
  ...{ id: 't1', name: 'k', version: '1.0.0', org: null, presence: 'online', seenAt: null },
  ...{ blocked: false, readerTrouble: false, cause: null, address: null, repair: null },
};

it('a kiosk is of concern for its likely cause, else for what it says itself, else not', () => {
  const said = { readerTrouble: true, blocked: true } as const;
  expect([
    concernOf(kiosk),
    concernOf({ ...kiosk, presence: 'late' }),
    concernOf({ ...kiosk, ...said, presence: 'missing', cause: 'power' }),
    concernOf({ ...kiosk, presence: 'never' }),
    concernOf({ ...kiosk, ...said }),
    concernOf({ ...kiosk, blocked: true }),
  ]).toEqual([undefined, undefined, 'power', 'never', 'readerNow', 'blockedNow']);
});

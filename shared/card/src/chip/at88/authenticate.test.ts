import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../bytes/hex.ts';
import { afterSilentPolls } from './ack-policy.ts';
import { authenticateCard, type AuthenticationPort } from './authenticate.ts';
import { f2 } from './f2.ts';

const GC = bytes('FFFDFDFDFDFDFDFD');
const Q0 = bytes('0102030405060708');
const CI = bytes('FB30E7F9B3F96819');

/** A card that knows Gc, or claims success without; `attempts` is its counter. */
function cardWith({ genuine = true, attempts = 0xff, gc = GC } = {}) {
  const state = { ci: CI, attempts, commands: 0 };
  let expected = f2({ ci: CI, gc, q0: Q0 });
  const port: AuthenticationPort = {
    readCryptogram: () => Promise.resolve(state.ci),
    readAttempts: () => Promise.resolve(state.attempts),
    initialize(q0) {
      state.commands += 1;
      if (genuine) {
        state.attempts &= state.attempts - 1;
        expected = f2({ ci: state.ci, gc, q0 });
      }
      return Promise.resolve();
    },
    verify(q1) {
      state.commands += 1;
      if (genuine && q1.every((byte, i) => byte === expected.q1[i])) {
        state.attempts = 0xff;
        state.ci = expected.q2;
      }
      return Promise.resolve();
    },
  };
  return { port, state };
}

describe('an authentication', () => {
  it('ends with Q2 in the card', async () => {
    const { port, state } = cardWith();
    await authenticateCard(port, { gc: GC, q0: Q0 });
    expect(state.ci).toEqual(bytes('51032FA8836DC818'));
    await authenticateCard(port, { gc: GC, q0: Q0 });
    expect(state.attempts).toBe(0xff);
  });

  it('is not taken from a forged card that shows FF and stores nothing (R:sqf-ice/Mygit at88sc1608.c takes it)', async () => {
    const { port } = cardWith({ genuine: false });
    await expect(authenticateCard(port, { gc: GC, q0: Q0 })).rejects.toMatchObject({ code: 'chip.refused' });
  });

  it('tells a wrong Gc by the attempt that is lost', async () => {
    const { port } = cardWith({ gc: bytes('1122334455667788') });
    await expect(authenticateCard(port, { gc: GC, q0: Q0 })).rejects.toMatchObject({
      code: 'chip.code-wrong',
    });
  });

  it.each([
    { attempts: 0x00, code: 'chip.locked' },
    { attempts: 0x80, code: 'chip.too-few-tries' },
  ])('is not begun with the counter at $attempts', async ({ attempts, code }) => {
    const { port, state } = cardWith({ attempts });
    await expect(authenticateCard(port, { gc: GC, q0: Q0 })).rejects.toMatchObject({ code });
    expect(state.commands).toBe(0);
  });

  it('brings a counter back that a pulled card had left down', async () => {
    const { port, state } = cardWith({ attempts: 0xc0 });
    await authenticateCard(port, { gc: GC, q0: Q0 });
    expect(state.attempts).toBe(0xff);
  });

  it('wants a key and a random number of 8 bytes', async () => {
    const { port, state } = cardWith();
    await expect(authenticateCard(port, { gc: GC.slice(1), q0: Q0 })).rejects.toMatchObject({
      code: 'chip.malformed',
    });
    await expect(authenticateCard(port, { gc: GC, q0: Q0.slice(1) })).rejects.toMatchObject({
      code: 'chip.malformed',
    });
    expect(state.commands).toBe(0);
  });

  it('takes another function, and another rule of what the card stores', async () => {
    const { port, state } = cardWith({ genuine: false });
    state.ci = bytes('FF00000000000000');
    await authenticateCard(port, {
      ...{ gc: GC, q0: Q0 },
      authFunction: () => ({ q1: new Uint8Array(8), q2: new Uint8Array(8) }),
      storedFrom: (q2) => Uint8Array.of(0xff, ...q2.slice(1)),
    });
  });
});

describe('polling for an acknowledge', () => {
  it('goes on after 20 ms without one: no card takes longer, and many never show it', () => {
    expect([1, 2, 3, 4, 5].map((polls) => afterSilentPolls(polls))).toEqual([
      'poll-again',
      'poll-again',
      'poll-again',
      'go-on',
      'go-on',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import type { ShellEvent } from '@bianmin/purchase/android/shell';
import { shellRig } from '../../double/rig.ts';
import { parseShellAnswer, parseShellEvent } from './shell-answer.ts';

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => codeOf(error) ?? error,
  );

describe('an answer of the shell', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"ok":1}',
    '{"ok":true,"status":"200"}',
    '{"ok":true,"names":[1]}',
    '{"ok":true,"signKey":{"kty":"EC"}}',
    '{"ok":true,"facts":{"model":"x"}}',
    '{"ok":true,"headers":{"a":1}}',
    '{"ok":false,"code":"order.paid"}',
  ])('that is not as agreed is shell.io: %s', (text) => {
    expect(parseShellAnswer(text)).toEqual({ ok: false, code: 'shell.io' });
  });

  it('of any kind is taken or refused, and throws nothing', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        for (const each of [json, text]) {
          expect(typeof parseShellAnswer(each).ok).toBe('boolean');
          parseShellEvent(each);
        }
      }),
    );
  });
});

describe('the link to the shell', () => {
  it('brings each answer to the call that asked', async () => {
    const { link } = shellRig();
    const [hello, keys] = await Promise.all([
      link.ask({ op: 'hello', version: 1 }),
      link.ask({ op: 'keys' }),
    ]);
    expect(hello.facts?.model).toBe('EC6108');
    expect(keys.alg).toBe('ES256');
  });

  it('gives a launch’s token once', async () => {
    const { link } = shellRig();
    expect(await link.ask({ op: 'launch' })).toMatchObject({ backUrl: 'http://portal.test/back' });
    expect(await link.ask({ op: 'launch' })).toEqual({ ok: true });
  });

  it('fails with the shell’s own code', async () => {
    const { link, shell } = shellRig();
    shell.full = true;
    const put = link.ask({ op: 'storePut', shelf: 'settings', name: 'a', value: 'b' });
    expect(await outcome(put)).toBe('shell.store-full');
  });

  it('does not wait for ever', async () => {
    const { link, shell, clock } = shellRig();
    shell.call = () => undefined;
    const asked = outcome(link.ask({ op: 'time' }));
    const called = outcome(
      link.ask({ op: 'http', method: 'GET', path: '/v1/health', headers: {}, timeoutMs: 1000 }),
    );
    await clock.advance(10_000);
    expect(await asked).toBe('shell.timeout');
    expect(await called).toBe('http.unavailable');
    expect(clock.sleepers).toBe(0);
  });

  it('takes an exception of the shell for a fault, and a missing field, too', async () => {
    const { link, shell } = shellRig();
    expect(await outcome(link.askFor({ op: 'time' }, 'text'))).toBe('shell.io');
    shell.call = () => {
      throw new Error('Java exception was raised during method invocation');
    };
    expect(await outcome(link.ask({ op: 'time' }))).toBe('shell.io');
  });

  it('tells what happens by itself, and nothing that it does not know', () => {
    const { link, shell } = shellRig();
    const events: ShellEvent[] = [];
    link.onEvent((event) => events.push(event));
    shell.event({ name: 'back' });
    shell.page?.event('{"name":"solar-eclipse"}');
    shell.page?.event('{"name":"network","online":"yes"}');
    shell.event({ name: 'network', online: false });
    expect(events).toEqual([{ name: 'back' }, { name: 'network', online: false }]);
  });
});

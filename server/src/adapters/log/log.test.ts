import { AxiosError, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { ECS_VERSION } from '@bianmin/purchase/node/ecs';
import { runWithTrace } from '@bianmin/purchase/node/trace';
import { createLogger } from './log.ts';

function logged(
  write: (log: ReturnType<typeof createLogger>) => void,
  secrets: readonly string[] = [],
): string {
  let output = '';
  const destination = { write: (line: string) => void (output += line) };
  write(createLogger({ level: 'trace', process: 'test', destination, secrets }));
  return output;
}

const SECRET = 'S3CRET';

/** What a library throws at being given `text`. */
function thrownBy(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return error;
  }
}

describe('the log', () => {
  it.each([
    ['authorization'],
    ['Authorization'],
    ['dpop'],
    ['cookie'],
    ['set-cookie'],
    ['code'],
    ['key'],
    ['password'],
    ['image'],
    ['regions'],
    ['gathered'],
    ['sealed'],
    ['codeUrl'],
    ['code_url'],
    ['customerNo'],
    ['customer_no'],
    ['customerName'],
    ['name'],
    ['address'],
    ['assertion'],
    ['ticket'],
    ['privateKey'],
  ])('never shows a field called %s, at any depth, in a line or in bindings', (field) => {
    const output = logged((log) => {
      log.info({ [field]: SECRET }, 'top');
      log.info(
        { request: { headers: { [field]: SECRET } }, list: [{ deep: { [field]: [SECRET] } }] },
        'deep',
      );
      log.child({ [field]: SECRET }).info('child');
    });
    expect(output).not.toContain(SECRET);
    expect(output).toContain('[redacted]');
  });

  it('shows stable codes, and what an error says, with its causes', () => {
    const output = logged((log) => {
      const cause = new CodedError({ code: 'card.locked', message: 'Locked.', context: { sw: '6983' } });
      log.warn({ code: 'card.unknown', err: new Error('outer', { cause }) }, 'x');
    });
    const line = JSON.parse(output) as Record<string, unknown>;
    expect(line).toMatchObject({
      'bianmin.code': 'card.unknown',
      'error.type': 'Error',
      'error.message': 'outer',
      'bianmin.error.causes': [{ code: 'card.locked', message: 'Locked.', context: { sw: '6983' } }],
    });
    expect(line['error.stack_trace']).toMatch(/Error: outer[^]*caused by: .*Locked\./);
  });

  it('leaves out what a library hangs on its errors', () => {
    const error = new AxiosError('Request failed', 'ECONNRESET', {
      headers: new AxiosHeaders({ authorization: SECRET }),
      data: SECRET,
    });
    const output = logged((log) => {
      log.error({ err: error }, 'failed');
      log.error(error);
      log.error({ nested: { error } }, 'nested');
    });
    expect(output).not.toContain(SECRET);
    expect(output).toContain('ECONNRESET');
  });

  it.each<[string, unknown]>([
    ['a text that is no JSON', thrownBy(() => JSON.parse(SECRET))],
    ['one that is longer', thrownBy(() => JSON.parse(`{"pin":${SECRET},"more":"${'x'.repeat(80)}"}`))],
    ['a key that is there', new Error(`E11000 duplicate key error dup key: { name: "${SECRET}" }`)],
    ['an address with a password', new Error(`connect mongodb://bianmin:${SECRET}/1@db:27017/x failed`)],
  ])('leaves out what an error quotes of %s, and says the rest', (_, error) => {
    const output = logged((log) => {
      log.error({ err: error }, 'failed');
      log.error({ err: new Error('outer', { cause: error }) }, 'failed');
      log.error({ deep: { error } }, 'failed');
    });
    expect(output).not.toContain(SECRET);
    expect(output).toMatch(/not valid JSON|duplicate key error|@db:27017\/x failed/);
  });

  it('shows none of the secrets that it was told of, in whatever field or sentence they come', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${'Ab9/'.repeat(16)}\n${'Cd8+'.repeat(16)}\n-----END PRIVATE KEY-----\n`;
    const output = logged(
      (log) => {
        log.info({ note: `key ${'5e'.repeat(32)}` }, `under ${'5e'.repeat(32)}`);
        log.error({ err: new Error(`cannot read ${pem}`) }, 'failed');
        log.error({ note: 'Cd8+'.repeat(16) }, 'a line of it');
        log.info({ note: 'short' }, 'a short one is no secret');
      },
      ['5e'.repeat(32), pem, 'short'],
    );
    expect(output).not.toMatch(/(?:5e){32}|(?:Ab9\/){4}|(?:Cd8\+){4}/);
    expect(output).toContain('a short one is no secret');
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toHaveLength(4);
  });

  it('shows bytes as a number of bytes', () => {
    const output = logged((log) => {
      log.info({ chunk: Buffer.from(SECRET) }, 'bytes');
    });
    expect(output).toContain('[6 bytes]');
    expect(output).not.toContain(SECRET);
  });

  it('carries the trace id of what is being worked on', () => {
    const output = logged((log) => {
      runWithTrace('ab'.repeat(16), () => {
        log.info('inside');
      });
    });
    expect(JSON.parse(output)).toMatchObject({
      'trace.id': 'ab'.repeat(16),
      'log.level': 'info',
      'service.name': 'bianmin-test',
      'ecs.version': ECS_VERSION,
      message: 'inside',
    });
  });
});

import { AxiosError, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/shared/errors';
import { ECS_VERSION } from '@bianmin/shared/node/ecs';
import { runWithTrace } from '@bianmin/shared/node/trace';
import { createLogger } from './log.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let output = '';
  const destination = { write: (line: string) => void (output += line) };
  write(createLogger({ level: 'trace', process: 'test', destination }));
  return output;
}

const SECRET = 'S3CRET';

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

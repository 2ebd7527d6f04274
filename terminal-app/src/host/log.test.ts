import { describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { createLog, faultOf, sentenceOf } from './log.ts';

function logged(fields: object): string {
  let text = '';
  const log = createLog('info', {
    write: (line) => {
      text += line;
    },
  });
  log.info(fields, 'said');
  return text;
}

describe('the log', () => {
  it.each([
    'image',
    'plan',
    'code',
    'codeUrl',
    'pin',
    'ticket',
    'accessToken',
    'name',
    'address',
    'customerNo',
    'serial',
  ])('never holds a field called %s, however deep', (field) => {
    const secret = 'S3CRET';
    for (const fields of [
      { [field]: secret },
      { a: { [field]: secret } },
      { a: { b: { [field]: { more: secret } } } },
    ]) {
      expect(logged(fields)).not.toContain(secret);
    }
  });

  it('holds what an engineer needs', () => {
    const line = logged({ orderNo: '260115020000000001', screen: 'pay' });
    expect(JSON.parse(line)).toMatchObject({
      'bianmin.orderNo': '260115020000000001',
      'bianmin.screen': 'pay',
    });
  });
});

describe('what is said of an error', () => {
  it('is code, sentence and context, and those of its cause', () => {
    const cause = new CodedError({ code: 'reader.removed', message: 'Out.', context: { command: 3 } });
    const error = new CodedError({ code: 'meter-card.refused', message: 'Refused.', cause });
    expect(faultOf(error)).toEqual({
      code: 'meter-card.refused',
      message: 'Refused.',
      context: {},
      cause: { code: 'reader.removed', message: 'Out.', context: { command: 3 } },
    });
  });

  it('is never the words of an error that is not ours', () => {
    const fault = faultOf(new TypeError('cannot read 123456 of undefined'));
    expect(fault['type']).toBe('TypeError');
    expect(JSON.stringify(fault)).not.toContain('123456');
    expect(faultOf('a string 123456')).toEqual({ type: 'string' });
  });

  it('names what the system refused a program that cannot start', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE 127.0.0.1:123456'), {
      code: 'EADDRINUSE',
      syscall: 'listen',
    });
    expect(sentenceOf(taken)).toBe('Error EADDRINUSE listen');
    expect(sentenceOf(new TypeError('cannot read 123456'))).toBe('TypeError');
  });
});

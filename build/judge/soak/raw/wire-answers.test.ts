import { expect, it } from 'vitest';
import { WireAnswers } from './wire-answers.ts';

const TEXT = [
  'HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n',
  'HTTP/1.1 400 Bad\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n',
].join('');

it('reads answers one after the other, wherever they are cut', () => {
  const methods = ['GET', 'DELETE', 'HEAD', 'POST'];
  for (let cut = 0; cut < TEXT.length; cut += 1) {
    const answers = new WireAnswers(methods);
    const bytes = Buffer.from(TEXT);
    const found = [...answers.push(bytes.subarray(0, cut)), ...answers.push(bytes.subarray(cut))];
    expect(found.map(({ status, body }) => [status, body])).toEqual([
      [200, 'hello'],
      [204, ''],
      [200, ''],
      [400, 'ab0123456789'],
    ]);
  }
});

it('has one that ends with its connection', () => {
  const answers = new WireAnswers(['GET']);
  expect(answers.push(Buffer.from('HTTP/1.1 500 Oh\r\n\r\nso'))).toEqual([]);
  expect(answers.end()).toEqual({ status: 500, contentType: '', body: 'so' });
  expect(new WireAnswers([]).end()).toBeUndefined();
});

it('says what is no answer', () => {
  expect(() => new WireAnswers(['GET']).push(Buffer.from('{"problem":1}\r\n\r\n'))).toThrow(
    'No answer begins',
  );
});

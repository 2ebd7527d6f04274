import { expect, it } from 'vitest';
import { conversationOf } from './raw.ts';

const listener = {
  name: 'x',
  words: { paths: ['/a/{b}'], sockets: ['/s'], fields: ['f'], host: '127.0.0.1:1' },
};

it('a conversation is the same whenever its number and its seed are', () => {
  const digest = (seed: number, number: number): string =>
    JSON.stringify(conversationOf(listener, seed, number));
  expect(digest(1, 7)).toBe(digest(1, 7));
  expect(new Set([digest(1, 7), digest(2, 7), digest(1, 8)]).size).toBe(3);
});

it('every kind of request and of ending comes up', () => {
  const all = Array.from({ length: 3000 }, (_, number) => conversationOf(listener, 1, number));
  const text = all.map(({ pieces }) => Buffer.concat(pieces).toString('latin1')).join('\n');
  for (const part of [
    'GET // ',
    'Transfer-Encoding : chunked',
    'Upgrade: websocket',
    'HTTP/9.9',
    '%2F',
    'CONNECT ',
    '{"a":{"a":',
  ])
    expect(text, part).toContain(part);
  expect(new Set(all.map(({ ending }) => ending))).toEqual(new Set(['wait', 'end', 'reset']));
  expect(all.some(({ pieces }) => pieces.length > 4)).toBe(true);
});

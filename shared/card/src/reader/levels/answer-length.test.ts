import { expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { answerLength } from './answer-length.ts';

it.each([
  ['nothing but a status word', '00A40000', 2],
  ['as many bytes as are asked for', '00B0000010', 18],
  ['256 bytes', '00B0000000', 258],
  ['a status word, to a command that brings something', '00D6000002AABB', 2],
  ['as many as are asked for, to one that brings something', '00A4000002DF0110', 18],
])('tells that a card answers %s', (_what, command, bytes) => {
  expect(answerLength(fromHex(command))).toBe(bytes);
});

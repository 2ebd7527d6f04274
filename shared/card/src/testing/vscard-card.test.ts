import { expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { plainCard } from './sim-card-line-plain.ts';
import { LONG_ANSWER, VscardCard, type Fate } from './vscard-card.ts';

const ATR = fromHex('3B00');
const ECHO = plainCard(ATR, (apdu) => Uint8Array.of(...apdu, 0x90, 0x00));
const message = (type: number, body = ''): string =>
  `${type.toString(16).padStart(8, '0')}00000000${(body.length / 2).toString(16).padStart(8, '0')}${body}`;
const APDU = fromHex(message(7, '00B00000'));

function rig() {
  const sent: string[] = [];
  const slot = new VscardCard({ write: (bytes) => void sent.push(toHex(bytes)) });
  slot.insert(ECHO);
  sent.length = 0;
  return { slot, sent, upper: (text: string) => text.toUpperCase() };
}

it('introduces itself, and its reader once it is answered', () => {
  const sent: string[] = [];
  const slot = new VscardCard({ write: (bytes) => void sent.push(toHex(bytes)) });
  slot.receive(fromHex(message(1)));
  slot.receive(fromHex(message(8)));
  expect(sent.map((each) => each.slice(0, 8))).toEqual(['00000001', '00000003', '00000009']);
});

it('answers commands in whatever pieces they come', () => {
  const { slot, sent, upper } = rig();
  for (const byte of APDU) slot.receive(Uint8Array.of(byte));
  expect(sent).toEqual([upper(message(7, '00B000009000'))]);
  expect(slot.commands).toBe(1);
});

it.each<[Fate, string[]]>([
  ['pull-before', [message(6)]],
  ['pull-after', [message(6)]],
  ['hold', []],
  ['long', [message(7, toHex(LONG_ANSWER))]],
])('does with a command as it is told: %s', (fate, wanted) => {
  const { slot, sent, upper } = rig();
  slot.fate = () => fate;
  slot.receive(APDU);
  expect(sent).toEqual(wanted.map(upper));
  slot.answerNow();
  expect(sent.length).toBe(fate === 'hold' ? 1 : wanted.length);
});

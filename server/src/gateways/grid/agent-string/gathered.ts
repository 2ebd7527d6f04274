import { decodeFields, encodeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';
import { decodeSegments, encodeSegments } from './segments.ts';

/** What a card answered, by the plan's own names for it. */
type Gathered = Readonly<Record<string, string>>;

/** The answer that has a field of its own, where it is of 8 bytes: 随机数 (R:wudexin/npbs, ISO 8583 field 55). */
const RANDOM = { name: 'challenge', digits: 16 };

const TAG = '21';
export const ANSWER = [
  { name: 'name', kind: 'text', width: 32 },
  { name: 'data', kind: 'long-hex', width: 4 },
] as const satisfies readonly Field[];

/** The fields `random` and `gathered`: the card's challenge, and whatever else it answered as segments. */
export function encodeGathered(answers: Gathered): { random: string | null; gathered: string } {
  const challenge = answers[RANDOM.name];
  const random = challenge?.length === RANDOM.digits ? challenge : null;
  const others = Object.entries(answers).filter(([name]) => random === null || name !== RANDOM.name);
  const segments = encodeSegments(
    others.map(([name, data]) => ({ tag: TAG, content: encodeFields(ANSWER, { name, data }) })),
  );
  return { random, gathered: segments.toString('hex').toUpperCase() };
}

export function decodeGathered(fields: { random: string | null; gathered: string }): Record<string, string> {
  const answers = new Map<string, string>();
  if (fields.random !== null) answers.set(RANDOM.name, fields.random);
  for (const { tag, content } of decodeSegments(Buffer.from(fields.gathered, 'hex'))) {
    if (tag !== TAG) throw malformed('tag', 'is not of an answer');
    const { name, data } = decodeFields(ANSWER, content);
    if (answers.has(name)) throw malformed('name', 'comes twice');
    answers.set(name, data);
  }
  return Object.fromEntries(answers);
}

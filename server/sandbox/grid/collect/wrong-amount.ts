import { parseJson } from '@bianmin/card/json-text';
import type { AnswerBody } from '../../../src/gateways/grid/wire/operations.ts';

const SUMS = new Set(['faceFen', 'creditFen', 'soldFen']);

/** The same answer with every sale's sums one yuan higher: consistent in itself, and not what was asked for. */
export function wrongAmount(answer: AnswerBody): AnswerBody {
  if (answer.result !== 'ok') return answer;
  const data: unknown = parseJson(
    JSON.stringify(answer.data, (key, value: unknown) =>
      SUMS.has(key) && typeof value === 'number' ? value + 100 : value,
    ),
  );
  return { result: 'ok', data };
}

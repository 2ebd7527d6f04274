import { expect, it } from 'vitest';
import { onlyWords } from './fit.ts';

const [ELEMENT, TEXT] = [1, 3];

function changed(
  type: MutationRecordType,
  added: readonly number[],
  removed: readonly number[],
): MutationRecord {
  const nodes = (types: readonly number[]) => types.map((nodeType) => ({ nodeType }));
  return { type, addedNodes: nodes(added), removedNodes: nodes(removed) } as unknown as MutationRecord;
}

it('tells words that change in their place from things that come, go, open or close', () => {
  expect(onlyWords(changed('characterData', [], []))).toBe(true);
  expect(onlyWords(changed('childList', [TEXT], [TEXT]))).toBe(true);
  expect(onlyWords(changed('childList', [TEXT, ELEMENT], []))).toBe(false);
  expect(onlyWords(changed('childList', [], [ELEMENT]))).toBe(false);
  expect(onlyWords(changed('attributes', [], []))).toBe(false);
});

import type { OrgView } from '@bianmin/purchase/api/org';
import type { StatisticsSeries } from '@bianmin/purchase/api/statistics';
import { shadeOf, type Shade } from './measure.ts';

/** A prefecture where it lies, roughly, with its orders. */
export interface PrefectureCell {
  readonly id: string;
  readonly name: string;
  readonly cell: readonly [number, number];
  readonly n: number;
  readonly before: number;
  readonly shade: Shade;
}

export function prefectureCells(
  orgs: readonly OrgView[],
  { parts }: Pick<StatisticsSeries, 'parts'>,
  locale: string,
): PrefectureCell[] {
  const counts = new Map(parts.map((part) => [part.value, part]));
  const found = orgs.flatMap(({ id, names, cell }) => {
    if (cell === null) return [];
    const part = counts.get(id);
    const name = names[locale === 'en' ? 'en' : 'zh-CN'];
    return [{ id, name, cell, n: part?.total.orders ?? 0, before: part?.before.orders ?? 0 }];
  });
  const largest = Math.max(0, ...found.map(({ n }) => n));
  return found.map((each) => ({ ...each, shade: shadeOf(each.n, largest) }));
}

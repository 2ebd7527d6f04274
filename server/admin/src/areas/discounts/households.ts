import type { HouseholdsRequest } from '@bianmin/purchase/api/discount';

type Household = Omit<HouseholdsRequest['households'][number], 'community'>;

/** One household in a line: number, then its tags, with spaces, tabs or commas between (from a sheet). */
export function householdsOf(text: string): { readonly households: Household[]; readonly wrong: number[] } {
  const households: Household[] = [];
  const wrong: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [customerNo, ...tags] = line.split(/[\s,，;；]+/u).filter((each) => each !== '');
    if (customerNo === undefined) continue;
    const isNumber = /^[0-9A-Za-z]{1,20}$/.test(customerNo);
    if (!isNumber || tags.length > 8 || !tags.every((tag) => TAG.test(tag))) wrong.push(index + 1);
    else households.push({ customerNo, tags });
  }
  return { households, wrong };
}

/** As the API has them. */
export const TAG = /^[a-z][a-z0-9-]{0,31}$/;
export const MOST = 500;

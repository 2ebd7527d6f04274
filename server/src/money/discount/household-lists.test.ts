import { describe, expect, it } from 'vitest';
import { ANNA, HERE } from '../../testing/staff-members.ts';
import { NORTH, SOUTH } from '../../testing/memory-orgs.ts';
import { discountRules } from '../../testing/discount-rules.ts';

describe('a list of households', () => {
  const households = [
    { customerNo: '650100000001', community: NORTH, tags: ['elderly'] },
    { customerNo: '12', community: SOUTH, tags: [] },
  ];

  it('shows its second person digests and last digits, and no number', async () => {
    const { rules, store } = discountRules();
    const asked = await rules.requestHouseholds({ households, reason: 'The list of May.' }, ANNA, HERE);
    expect(asked).toMatchObject({
      kind: 'discount.households',
      content: {
        reason: 'The list of May.',
        households: [
          { key: 'key of g 650100000001', customer: '****0001', community: NORTH, tags: ['elderly'] },
          { key: 'key of g 12', customer: '****12', community: SOUTH, tags: [] },
        ],
      },
    });
    expect(store.households.size).toBe(0);
  });

  it('holds once it is allowed, in place of what was known', async () => {
    const { rules, store, office, clock } = discountRules();
    const since = new Date(clock.now());
    await store.setHousehold({ _id: 'key of g 12', community: 'old', tags: ['low-income'] });
    await office.allow(await rules.requestHouseholds({ households, reason: 'The list.' }, ANNA, HERE));
    expect([...store.households.values()]).toEqual([
      { _id: 'key of g 12', community: SOUTH, tags: [], since },
      { _id: 'key of g 650100000001', community: NORTH, tags: ['elderly'], since },
    ]);
    const asked = await office.approvals.request({
      ...{ kind: 'discount.households', content: { households: [{ key: 'k' }] }, maker: ANNA, where: HERE },
    });
    expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
  });
});

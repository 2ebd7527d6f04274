import { describe, expect, it } from 'vitest';
import { ANNA, HERE } from '../../testing/staff-members.ts';
import { REQUEST, discountRules } from '../../testing/discount-rules.ts';

describe('a pause', () => {
  it('waits for another person, who sees which discount it is and how it stands', async () => {
    const { pause, allowed, store, office } = discountRules();
    const id = await allowed();
    const asked = await pause(id, true);
    expect(asked).toMatchObject({
      kind: 'discount.pause',
      content: {
        ruleId: id,
        paused: true,
        reason: 'Looked at again.',
        names: REQUEST.names,
        before: { paused: false },
      },
    });
    expect(store.rules.get(id)?.status).toBe('active');
    await office.allow(asked);
    expect(store.rules.get(id)?.status).toBe('paused');
    const back = await pause(id, false);
    expect(back.content).toMatchObject({ before: { paused: true } });
    await office.allow(back);
    expect(store.rules.get(id)?.status).toBe('active');
  });

  it('is refused for a discount that there is not, or that no second person has allowed', async () => {
    const { pause, propose, office, store } = discountRules();
    await expect(pause('none', true)).rejects.toMatchObject({
      code: 'request.not-found',
      message: 'There is no such discount.',
    });
    const { rule } = await propose();
    await expect(pause(rule._id, true)).rejects.toMatchObject({
      code: 'discount.not-allowed',
      message: 'No second person has allowed this rule yet. There is nothing to pause.',
    });
    // Nor where it was asked for all the same.
    for (const [content, failure] of [
      [{ ruleId: rule._id, paused: false }, 'discount.not-allowed'],
      [{ ruleId: rule._id }, 'request.malformed'],
    ] as const) {
      const asked = await office.approvals.request({
        ...{ kind: 'discount.pause', content, maker: ANNA, where: HERE },
      });
      expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure });
    }
    expect(store.rules.get(rule._id)?.status).toBe('proposed');
  });
});

import type { Journal } from '@bianmin/card/meter-card/journal';
import type { TerminalSupport } from '@bianmin/purchase/api/support';

/** Where each write stands, without the order, the card and what is written. Null: it cannot be read. */
export async function supportJournal(
  journal: Pick<Journal, 'list'>,
  now: number,
): Promise<TerminalSupport['journal']> {
  try {
    const entries = await journal.list();
    return {
      entries: entries.slice(-200).map(({ phase, chip, told, startedAt }) => ({
        ...{ phase, chip, told: told === true },
        ageS: Math.max(0, Math.round((now - startedAt) / 1000)),
      })),
    };
  } catch {
    return null;
  }
}

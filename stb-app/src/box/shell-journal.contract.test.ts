import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { journalContract, sampleEntry } from '@bianmin/card/testing/journal-contract';
import { shellRig } from '../../double/rig.ts';
import { MemoryStore } from '../../double/shell-model.ts';
import { ShellJournal } from './shell-journal.ts';

journalContract('the shell’s shelf', async () => {
  const { link, reopen } = shellRig();
  return { journal: new ShellJournal(link), reopen: async () => new ShellJournal(reopen()) };
});

describe('a journal on the shell’s shelf', () => {
  it.each([
    '',
    '{',
    '{"version":1}',
    JSON.stringify({ version: 1, entry: sampleEntry(), sum: 'a'.repeat(64) }),
  ])('stops the box at an entry that is damaged: %s', async (text) => {
    const store = new MemoryStore();
    await store.put('journal', sampleEntry().orderNo, text);
    const journal = new ShellJournal(shellRig({ store }).link);
    expect(await journal.list().catch(codeOf)).toBe('journal.unreadable');
  });

  it('stops the box at an entry under another’s name', async () => {
    const store = new MemoryStore();
    const journal = new ShellJournal(shellRig({ store }).link);
    await journal.put(sampleEntry());
    const text = await store.get('journal', sampleEntry().orderNo);
    await store.put('journal', '260115020000000009', text ?? '');
    expect(await journal.list().catch(codeOf)).toBe('journal.unreadable');
  });

  it('says that nothing is kept where there is no room', async () => {
    const { link, shell } = shellRig();
    shell.full = true;
    expect(await new ShellJournal(link).put(sampleEntry()).catch(codeOf)).toBe('journal.not-durable');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALERT_RULES } from '@bianmin/purchase/api/alert-rules';
import { runbookOf } from './book.ts';

const DOCS = join(import.meta.dirname, '../../../../docs');
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');

it('every rule is in docs/alerts.md and has a section of docs/operations.md, where its message leads', () => {
  const headings = [...read('operations.md').matchAll(/^### (.+)$/gmu)].map(([, heading = '']) => heading);
  // As GitHub makes an anchor of a heading.
  const anchors = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/gu, '')
      .replaceAll(' ', '-'),
  );
  const table = read('alerts.md');
  for (const rule of ALERT_RULES) {
    expect(table).toContain(`| \`${rule}\``);
    expect(anchors).toContain(runbookOf(rule).split('#')[1]);
  }
});

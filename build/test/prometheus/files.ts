import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const PROMETHEUS = join(import.meta.dirname, '../../ship/deploy/prometheus');
const DASHBOARD = join(import.meta.dirname, '../../ship/deploy/grafana/dashboard.json');

/** A query, and where it is from. */
export interface Query {
  readonly from: string;
  readonly expr: string;
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

/** Every query of the alert rules, each on a line of its own there, and of the dashboard. */
export async function queries(): Promise<Query[]> {
  const rules = await readFile(join(PROMETHEUS, 'rules.yml'), 'utf8');
  const alerts = [...rules.matchAll(/- alert: (\w+)\n\s+expr: '((?:[^']|'')+)'/g)].map(
    ([, from = '', expr = '']) => ({ from, expr: expr.replaceAll("''", "'") }),
  );
  const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as Dashboard;
  return [
    ...alerts,
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ from: title, expr }))),
  ];
}

/** The dashboard's queries as recording rules, so that promtool reads them, too. */
export function asRules(all: readonly Query[]): string {
  const rules = all.map(
    ({ expr }, no) => `      - record: query:${no}\n        expr: ${JSON.stringify(expr)}`,
  );
  return `groups:\n  - name: queries\n    rules:\n${rules.join('\n')}\n`;
}

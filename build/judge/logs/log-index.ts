import type { Checks } from './checks.ts';
import type { Line } from './lines.ts';
import { forOpenSearch, readTemplate } from './template.ts';

const INDEX = 'bianmin-logs-test';

interface Found {
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _source: Line }[];
  };
  readonly aggregations?: {
    readonly routes: { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] };
  };
}

/** A node's index of our lines, under our template. */
export class LogIndex {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async prepare(): Promise<void> {
    await this.#send('PUT', '/_index_template/bianmin-logs', forOpenSearch(await readTemplate()));
  }

  /** Gives what the index refused, with its reason. */
  async ingest(lines: readonly Line[]): Promise<string[]> {
    const bulk = lines.flatMap((line) => ['{"create":{}}', JSON.stringify(line)]).join('\n');
    const answer = (await this.#send('POST', `/${INDEX}/_bulk?refresh=true`, `${bulk}\n`)) as {
      readonly items: readonly { readonly create: { readonly error?: { readonly reason: string } } }[];
    };
    return answer.items.flatMap(({ create }, no) =>
      create.error === undefined ? [] : [`${create.error.reason} ${JSON.stringify(lines[no])}`],
    );
  }

  async find(field: string, value: string): Promise<Line[]> {
    const { hits } = await this.#search({ query: { term: { [field]: value } }, size: 1000 });
    return hits.hits.map(({ _source }) => _source);
  }

  async countBy(field: string): Promise<Map<string, number>> {
    const { aggregations } = await this.#search({
      size: 0,
      aggs: { routes: { terms: { field, size: 500 } } },
    });
    return new Map(aggregations?.routes.buckets.map(({ key, doc_count: count }) => [key, count]));
  }

  async #search(body: object): Promise<Found> {
    return (await this.#send('POST', `/${INDEX}/_search?track_total_hits=true`, body)) as Found;
  }

  async #send(method: string, path: string, body: object | string): Promise<unknown> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
    const response = await fetch(this.#url + path, { method, headers: { 'content-type': type }, body: text });
    const answer = await response.text();
    if (!response.ok)
      throw new Error(`OpenSearch answered ${response.status} to ${path}: ${answer.slice(0, 600)}`);
    return JSON.parse(answer);
  }
}

/** What is in the index is what was written, found by each way that people look for it. */
export async function checkIndex(
  index: LogIndex,
  of: { lines: readonly Line[]; traces: ReadonlyMap<string, string>; checks: Checks },
): Promise<void> {
  const { lines, traces, checks } = of;
  const refused = await index.ingest(lines);
  checks.that(`all ${lines.length} lines fit the template`, refused.length === 0, refused.slice(0, 5));
  const same = async (field: string, value: string): Promise<void> => {
    const written = lines.filter((line) => line[field] === value).length;
    const found = (await index.find(field, value)).length;
    checks.that(`${field} ${value} finds its ${written} lines`, written > 0 && found === written, found);
  };
  for (const [orderNo, traceId] of traces) {
    await same('bianmin.orderNo', orderNo);
    await same('trace.id', traceId);
    const serials = (await index.find('trace.id', traceId)).filter(
      (line) => line['bianmin.saleNo'] !== undefined,
    );
    checks.that(`the trace of ${orderNo} leads to the grid's serial`, serials.length === 1, serials.length);
  }
  await same('error.code', 'auth.required');
  await same('bianmin.problem', 'request.not-found');
  const routes = await index.countBy('bianmin.route');
  const written = new Map<string, number>();
  for (const { 'bianmin.route': route } of lines) {
    if (typeof route === 'string') written.set(route, (written.get(route) ?? 0) + 1);
  }
  const differing = [...written].filter(([route, count]) => routes.get(route) !== count);
  checks.that('lines are counted by route', written.size > 5 && differing.length === 0, differing);
}

import { parser } from '@prometheus-io/lezer-promql';

/** What a query names. */
export interface Named {
  /** Without the suffixes of a histogram. */
  readonly metrics: ReadonlySet<string>;
  /** Empty where the query is PromQL. */
  readonly faults: readonly string[];
}

/** Reads a query by Prometheus's own grammar. */
export function namesIn(expr: string): Named {
  const metrics = new Set<string>();
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) faults.push(`at ${from}: ${expr.slice(from, from + 20)}`);
      const parent = expr.slice(from, to);
      if (name === 'VectorSelector') {
        const [metric = ''] = /^[\w:]+/.exec(parent) ?? [];
        metrics.add(metric.replace(/_(?:bucket|count|sum)$/, ''));
      }
    },
  });
  return { metrics, faults };
}

import { currentSpanId, currentTraceId, newSpanId, runWithSpan } from '@bianmin/purchase/node/trace';

/**
 * What may be said of a span: names of ours and of the semantic conventions. Values are routes, codes, operations and numbers of orders
 * and sales, never a path, a header, a body or a word that a person typed.
 */
interface SpanFacts {
  readonly 'http.request.method'?: string;
  /** The template, `/v1/orders/:orderNo`. */
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  /** A problem's code. */
  readonly 'error.type'?: string;
  readonly 'bianmin.order_no'?: string;
  /** The grid's own serial of a sale. */
  readonly 'bianmin.sale_no'?: string;
  readonly 'bianmin.operation'?: string;
  readonly 'bianmin.outcome'?: string;
  readonly 'bianmin.channel'?: string;
}

type SpanKind = 'server' | 'client' | 'internal';

/** A piece of work that is over. */
export interface FinishedSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits, and so is `parentId`. */
  readonly spanId: string;
  readonly parentId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** How long it took, ms; it ended now. */
  readonly ms: number;
  readonly failed: boolean;
  readonly facts: SpanFacts;
}

/**
 * Takes what is over. Never throws, and keeps no caller waiting. Without a collector there is none, and no span is
 * made.
 */
export type SpanSink = (span: FinishedSpan) => void;

/** Tells of something under what is being worked on that is over by now; nothing where that has no trace. */
export function tellEnded(
  sink: SpanSink | undefined,
  span: Pick<FinishedSpan, 'name' | 'kind' | 'ms' | 'failed' | 'facts'>,
): void {
  const traceId = currentTraceId();
  if (sink === undefined || traceId === undefined) return;
  sink({ ...span, traceId, spanId: newSpanId(), parentId: currentSpanId() });
}

/** Does the work as a span of its own in the trace that it belongs to when it ends. */
export async function asSpan<T>(
  sink: SpanSink | undefined,
  { name, facts }: Pick<FinishedSpan, 'name' | 'facts'>,
  work: () => Promise<T>,
): Promise<T> {
  if (sink === undefined) return work();
  const [begun, spanId, parentId] = [performance.now(), newSpanId(), currentSpanId()];
  const ended = (failed: boolean): void => {
    const traceId = currentTraceId();
    if (traceId === undefined) return;
    sink({
      ...{ traceId, spanId, parentId, name, kind: 'internal', failed, facts },
      ms: performance.now() - begun,
    });
  };
  try {
    const result = await runWithSpan(spanId, work);
    ended(false);
    return result;
  } catch (error) {
    ended(true);
    throw error;
  }
}
